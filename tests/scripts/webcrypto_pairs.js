// The global crypto's keys of RSA and of elliptic curves. What k6 v1.3 has made is read here, and is
// made again where nothing is random in it.
import { b64decode, b64encode } from 'k6/encoding';
import { equal, finished, isLoader, rejects } from './assert.js';

const { subtle } = crypto;

const rsaJwk = {
  kty: 'RSA',
  e: 'AQAB',
  n: 'xdf-y1qy5R4xKZsZCqrmw93VG57NDho0GHiS-w1NONHK1Td1M9ZNmnRGCWy5Nczn3UuOrhluSrRJ2AUSLnhl7cw9puAS' +
    'NJ5kJIQpjVzfI2HavGuIYE8r3EBeppuIgv32cZGmHMTh5MaDV3i65s1lqYTF9cyhy-nga0y6aUqwpQ0',
  d: 'dnL0DEH4Gy6xVmySWI2rbZbxkQDJWekcSY5eyUnUcvE_09nJJMjoW1HD4L6kQG62XwpumROGsdkw4NFgakwREXk57wpL' +
    'UgPrewKyIHLbx7WGN7t1k0lw5KgDDlOhWlg7ev0vS8MPViKBLcQJxZgdg07xwzk6rTdmSNfDOVXlz4E',
  p: '1Vb4aXfqLNMR2Xa1XcErgdBEwhH4bgTBwgHfyFsS3C8_lNeQBW2_jRGWZvvN8JxFfx6rybKhcOJH7GYyimTtIQ',
  q: '7WfFyWb1_VE38kVedYjPG78kFExnKxEuQb0zCPeZL7-DuLc8_0TL0iJUikaWGZ630AqkdBhTZmhmf-MmpePubQ',
  dp: 'oZ3xMnUVgj-kFgpH-26Ldxw_-oWCnlYcMs0Yqr_T2doxYKCtCm_J3SSlu_6mVNEOFO83VOVuSAYkVoJVZ2JuAQ',
  dq: 'cmaoU_ZOocRqnk-5RhAoJWnFXBa5PHKqBLnEhxSxd-Xk9rUuKqCfS2KJtJxxJmVqlFEckGlMfzPd-NCgRh6BPQ',
  qi: 'Pkk8I7vVDJhxkr_tBSzNNhfdSaT5feg2bAP1wlYBcoFzXTS6T72C3Z9sNkP_kNHOr2SugBSRQVHL2MThM-pzew',
};

const rsaPkcs8 =
  'MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAMXX/stasuUeMSmbGQqq5sPd1RuezQ4aNBh4kvsNTTjRyt' +
  'U3dTPWTZp0RglsuTXM591Ljq4Zbkq0SdgFEi54Ze3MPabgEjSeZCSEKY1c3yNh2rxriGBPK9xAXqabiIL99nGRphzE4eTG' +
  'g1d4uubNZamExfXMocvp4GtMumlKsKUNAgMBAAECgYB2cvQMQfgbLrFWbJJYjattlvGRAMlZ6RxJjl7JSdRy8T/T2ckkyO' +
  'hbUcPgvqRAbrZfCm6ZE4ax2TDg0WBqTBEReTnvCktSA+t7ArIgctvHtYY3u3WTSXDkqAMOU6FaWDt6/S9Lww9WIoEtxAnF' +
  'mB2DTvHDOTqtN2ZI18M5VeXPgQJBANVW+Gl36izTEdl2tV3BK4HQRMIR+G4EwcIB38hbEtwvP5TXkAVtv40Rlmb7zfCcRX' +
  '8eq8myoXDiR+xmMopk7SECQQDtZ8XJZvX9UTfyRV51iM8bvyQUTGcrES5BvTMI95kvv4O4tzz/RMvSIlSKRpYZnrfQCqR0' +
  'GFNmaGZ/4yal4+5tAkEAoZ3xMnUVgj+kFgpH+26Ldxw/+oWCnlYcMs0Yqr/T2doxYKCtCm/J3SSlu/6mVNEOFO83VOVuSA' +
  'YkVoJVZ2JuAQJAcmaoU/ZOocRqnk+5RhAoJWnFXBa5PHKqBLnEhxSxd+Xk9rUuKqCfS2KJtJxxJmVqlFEckGlMfzPd+NCg' +
  'Rh6BPQJAPkk8I7vVDJhxkr/tBSzNNhfdSaT5feg2bAP1wlYBcoFzXTS6T72C3Z9sNkP/kNHOr2SugBSRQVHL2MThM+pzew' +
  '==';
const rsaSpki =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDF1/7LWrLlHjEpmxkKqubD3dUbns0OGjQYeJL7DU040crVN3Uz1k2adE' +
  'YJbLk1zOfdS46uGW5KtEnYBRIueGXtzD2m4BI0nmQkhCmNXN8jYdq8a4hgTyvcQF6mm4iC/fZxkaYcxOHkxoNXeLrmzWWp' +
  'hMX1zKHL6eBrTLppSrClDQIDAQAB';
const pkcs1Sha1 =
  'E2ghcrIZR8yyAvCN+fAfHITquS/RWnthwuqXqrkroh3zZTktIBKMkU/A8qwq12uapgqiecQhrEIPjloEm+6dFdHGGDp+Bo' +
  'CrlMviLSZXdqM1OvH/a1tjF9Zmvl4krWpqM8hlS4xEWvDNC7wdjKhARuoM1XDGe5dai5Xv/rnWF1w=';
const pkcs1Sha256 =
  'Oimo+/kQ35/XKZsciXgUpKuYBEKKq8ZtLG2OE20sNp78bJDGZoqwvkvrT1IC6gL4VAr1CJaQyHGDS5psMvwKgOlaGWeCUj' +
  'lJ9aoip1ofwn90CLVHjIBOJPpuAukqabGiXXnXu5HELzC3MS6ZiRWla2e5GGDK31yNHIlYAOtCaMI=';
const pssSha256 =
  'uMF+RLvlY55/L0zL/+TWYCUcw6fFnAO1iCQ1lR0AJZbaFk9sDWDykFFhh7X1fgAQ08VvpjprlPTKpg3pKr8bmTrBjT222a' +
  'z4u72FLpCsEuCDWi+cbSoEWoGLF875DS5bBZBYpn66WO+Et2VTCXMoxYiUkMA2YCn71e4GjSB5xGE=';
const oaepSha256 =
  'wTiXu+8MDhj2oha00BQdJ6vQS7xG82oyjFIbDMumq+XwRuBB35DFfs++7FV+iwLxyQULwlxYrifrbjzwF9NlOr1efd6pVg' +
  'kjb3vWtIORCsS7CnUsbl4NCnoFcDCFVbGexPY7Ey0hHFqKcAtnX9VaTqGGqya+41YXi8kpEOydByU=';
const ecPkcs8 =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgo9ZMz8fu737B9+m7sE2BmAnjL9+pbTNdBX2DgXgHrS6hRA' +
  'NCAASVtGD0uGA8rdisw5QQqgkmeUq5qs/2sOse++iD46F/+CPBh/MUu9jN+agFPox8+Vem+795s/uJVEDHXmVam3py';
const ecRaw =
  'BJW0YPS4YDyt2KzDlBCqCSZ5Srmqz/aw6x776IPjoX/4I8GH8xS72M35qAU+jHz5V6b7v3mz+4lUQMdeZVqbenI=';
const ecSpki =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAElbRg9LhgPK3YrMOUEKoJJnlKuarP9rDrHvvog+Ohf/gjwYfzFLvYzfmoBT' +
  '6MfPlXpvu/ebP7iVRAx15lWpt6cg==';
const ecdsaSha384 =
  'w2DkEnUCNuMPVueAK8Cw+8W3trYrxHq+tUNA39eaZwAVQV7UAPCf+OYkB5FkhmoeIJTqRgpzG2969pxntKW/Vg==';
const dhPkcs8 =
  'MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDC9oAjXexY/vQC1hiHWD0IReU1osjlhm+XWjEZFc5mlTG/2u/' +
  'JAS2hoFk1IyZ3WRaWhZANiAASQEGY7GMZl35iq9iqNS93PCEZE6bn0+LT1WLhEeml2Z781MW8HS1Df4KFg+QcXDTi4I2pa' +
  'pXGF/6yDVQ3ZvYpXHx5dIu6svDQWGVpXkeziarxUHCLdUxtvUt4bIQxHOik=';
const dhRaw =
  'BJHzCAK1SXYgEqANEktucQPi+U/XbcrT1TkDs6x/Q6rJWbzbxdRszTyu9r2ebdKmHcs3myfoRUMykwGGto+i0fDDe5HDMt' +
  'kfqBMxyrBoTpcj8tUrGd3Nuvv0sPNMndO0qQ==';
const dhSecret = 'utuyd8AdoMONPn5jHcSoLiU8igsdSJS35Sf+uszvc9pAQ2yz/mZSQilCSqMSkil9';
const ecJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'lbRg9LhgPK3YrMOUEKoJJnlKuarP9rDrHvvog-Ohf_g',
  y: 'I8GH8xS72M35qAU-jHz5V6b7v3mz-4lUQMdeZVqbenI',
  d: 'o9ZMz8fu737B9-m7sE2BmAnjL9-pbTNdBX2DgXgHrS4',
};
const data = Uint8Array.from([104, 105]);
const sha256 = (name) => ({ name, hash: 'SHA-256' });
const p256 = { name: 'ECDSA', namedCurve: 'P-256' };
const p384 = { name: 'ECDH', namedCurve: 'P-384' };
const generated1024 = { modulusLength: 1024, publicExponent: Uint8Array.from([1, 0, 1]),
  hash: 'SHA-256' };

async function pkcs1() {
  const signatures = { 'SHA-1': pkcs1Sha1, 'SHA-256': pkcs1Sha256 };
  for (const [hash, signature] of Object.entries(signatures)) {
    const algorithm = { name: 'rsassa-pkcs1-V1_5', hash };
    const key = await subtle.importKey('pkcs8', b64decode(rsaPkcs8), algorithm, true, ['sign']);
    equal([key.type, key.extractable, key.algorithm.name, key.algorithm.modulusLength,
      key.algorithm.hash.name, key.usages],
    ['private', true, 'RSASSA-PKCS1-v1_5', 1024, hash, ['sign']], 'a private key');
    equal(b64encode(await subtle.sign('RSASSA-PKCS1-v1_5', key, data)), signature, hash);
    const other = await subtle.importKey('spki', b64decode(rsaSpki), algorithm, true, ['verify']);
    equal([other.type, other.usages], ['public', ['verify']], 'a public key');
    const verify = (given, bytes) => subtle.verify('RSASSA-PKCS1-v1_5', other, given, bytes);
    equal(await verify(b64decode(signature), data), true, `${hash} verified`);
    equal(await verify(b64decode(signature), Uint8Array.from([1])), false, 'other data');
    equal(await verify(data, data), false, 'no signature');
  }
}

async function pss() {
  const [key, other] = await Promise.all([
    subtle.importKey('pkcs8', b64decode(rsaPkcs8), sha256('RSA-PSS'), true, ['sign']),
    subtle.importKey('spki', b64decode(rsaSpki), sha256('RSA-PSS'), true, ['verify'])]);
  const algorithm = (saltLength) => ({ name: 'RSA-PSS', saltLength });
  equal(await subtle.verify(algorithm(32), other, b64decode(pssSha256), data), true, 'k6\'s');
  const signature = await subtle.sign(algorithm(20), key, data);
  const verify = (saltLength) => subtle.verify(algorithm(saltLength), other, signature, data);
  equal([await verify(20), await verify(32), await verify(0)], [true, false, true], 'its salt');
  await rejects(subtle.sign('RSA-PSS', key, data),
    'SyntaxError: could not get saltLength from algorithm parameter', 'no salt');
}

async function oaep() {
  const [key, other] = await Promise.all([
    subtle.importKey('pkcs8', b64decode(rsaPkcs8), sha256('RSA-OAEP'), true, ['decrypt']),
    subtle.importKey('spki', b64decode(rsaSpki), sha256('RSA-OAEP'), true, ['encrypt'])]);
  const labelled = { name: 'RSA-OAEP', label: data };
  const decrypted = async (algorithm, secret) =>
    b64encode(await subtle.decrypt(algorithm, key, secret));
  equal(await decrypted(labelled, b64decode(oaepSha256)), b64encode(data), 'k6\'s');
  const secret = await subtle.encrypt({ name: 'RSA-OAEP' }, other, data);
  equal(await decrypted({ name: 'RSA-OAEP' }, secret), b64encode(data), 'and back');
  await rejects(subtle.decrypt(labelled, key, secret),
    'OperationError: could not decrypt data: crypto/rsa: decryption error', 'another label');
  await rejects(subtle.encrypt(labelled, other, new Uint8Array(100)),
    'OperationError: could not encrypt data: crypto/rsa: message too long for RSA key size', 'long');
}

async function rsaFormats() {
  const algorithm = sha256('RSASSA-PKCS1-v1_5');
  const key = await subtle.importKey('jwk', rsaJwk, algorithm, true, ['sign']);
  equal(b64encode(await subtle.exportKey('pkcs8', key)), rsaPkcs8, 'jwk to pkcs8');
  const jwk = await subtle.exportKey('jwk', key);
  equal(Object.keys(rsaJwk).filter((name) => jwk[name] !== rsaJwk[name]), [], 'and to jwk');
  const other = await subtle.importKey('spki', b64decode(rsaSpki), algorithm, true, ['verify']);
  equal(b64encode(await subtle.exportKey('spki', other)), rsaSpki, 'spki');
  equal((await subtle.exportKey('jwk', other)).n, rsaJwk.n, 'spki to jwk');
  const { dp, dq, qi, ...few } = rsaJwk;
  const again = await subtle.importKey('jwk', few, algorithm, true, ['sign']);
  equal(b64encode(await subtle.sign(algorithm.name, again, data)), pkcs1Sha256, 'few numbers');
  const hidden = await subtle.importKey('jwk', rsaJwk, algorithm, false, ['sign']);
  await rejects(subtle.exportKey('jwk', hidden),
    'InvalidAccessError: the key is not extractable', 'not extractable');
  await rejects(subtle.importKey('raw', data, algorithm, true, ['verify']),
    'NotSupportedError: unsupported key format raw for algorithm RSASSA-PKCS1-v1_5', 'raw');
  await rejects(subtle.importKey('spki', data, { name: 'RSA-PSS' }, true, ['verify']),
    'SyntaxError: could not get hash from algorithm parameter', 'no hash');
  await rejects(subtle.importKey('pkcs8', b64decode(rsaPkcs8), algorithm, true, []),
    'SyntaxError: usages cannot not be empty for a secret or private CryptoKey', 'no usages');
}

async function ecdsa() {
  const own = await subtle.importKey('pkcs8', b64decode(ecPkcs8), p256, true, ['sign']);
  const others = await Promise.all([
    subtle.importKey('raw', b64decode(ecRaw), p256, true, ['verify']),
    subtle.importKey('spki', b64decode(ecSpki), p256, true, ['verify']),
    subtle.importKey('jwk', { ...ecJwk, d: undefined }, p256, true, ['verify'])]);
  const algorithm = { name: 'ECDSA', hash: { name: 'SHA-384' } };
  const signature = await subtle.sign(algorithm, own, data);
  equal(signature.byteLength, 64, 'r and s');
  for (const other of others) {
    equal([other.type, String(other.algorithm.namedCurve)], ['public', 'P-256'], 'a public key');
    const verify = (given) => subtle.verify(algorithm, other, given, data);
    equal(await verify(b64decode(ecdsaSha384)), true, 'k6\'s');
    equal(await verify(signature), true, 'our own');
    equal([await verify(new Uint8Array(64)), await verify(data)], [false, false], 'none');
    equal(b64encode(await subtle.exportKey('spki', other)), ecSpki, 'to spki');
    equal(b64encode(await subtle.exportKey('raw', other)), ecRaw, 'to raw');
  }
  const again = await subtle.importKey('jwk', ecJwk, p256, true, ['sign']);
  equal(b64encode(await subtle.exportKey('pkcs8', again)), ecPkcs8, 'jwk to pkcs8');
  const jwk = await subtle.exportKey('jwk', own);
  equal(Object.keys(ecJwk).filter((name) => jwk[name] !== ecJwk[name]), [], 'pkcs8 to jwk');
  await rejects(subtle.sign({ name: 'ECDSA' }, own, data),
    'SyntaxError: could not get hash from algorithm parameter', 'no hash');
  await rejects(subtle.importKey('raw', new Uint8Array(65), { name: 'ECDSA' }, true, ['verify']),
    'SyntaxError: could not get namedCurve from algorithm parameter', 'no curve');
}

async function ecdh() {
  const own = await subtle.importKey('pkcs8', b64decode(dhPkcs8), p384, true, ['deriveBits']);
  const other = await subtle.importKey('raw', b64decode(dhRaw), p384, true, []);
  const derive = (bits) => subtle.deriveBits({ name: 'ECDH', public: other }, own, bits);
  equal(b64encode(await derive(384)), dhSecret, 'the secret of k6');
  equal(b64encode(await derive(0)), dhSecret, 'all of it');
  equal(b64encode(await derive(96)), dhSecret.slice(0, 16), 'its beginning');
  await rejects(derive(392), 'OperationError: length is too large', 'too much');
  await rejects(derive(9),
    'NotSupportedError: currently only multiples of 8 are supported for length', 'no bytes');
  await rejects(subtle.deriveBits({ name: 'ECDH' }, own, 8),
    'TypeError: algorithm does not contain a public key', 'no public key');
  const third = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-521' }, true,
    ['deriveBits']);
  await rejects(subtle.deriveBits({ name: 'ECDH', public: third.publicKey }, own, 8),
    'InvalidAccessError: keys have different curves P-384 and P-521', 'another curve');
}

async function generated() {
  for (const name of ['RSASSA-PKCS1-v1_5', 'RSA-PSS', 'ECDSA']) {
    const pair = await subtle.generateKey({ ...generated1024, name, namedCurve: 'P-521' }, false,
      ['sign', 'verify']);
    equal([pair.privateKey.usages, pair.publicKey.usages], [['sign'], ['verify']], name);
    equal([pair.privateKey.extractable, pair.publicKey.extractable], [false, true], name);
    const use = { name, saltLength: 8, hash: 'SHA-1' };
    const signature = await subtle.sign(use, pair.privateKey, data);
    equal(await subtle.verify(use, pair.publicKey, signature, data), true, `${name} verified`);
  }
  const make = (more, usages) => subtle.generateKey({ ...generated1024, name: 'RSA-PSS', ...more },
    true, usages || ['sign']);
  await rejects(make({ modulusLength: undefined }),
    'SyntaxError: could not get modulusLength from algorithm parameter', 'no length');
  await rejects(make({ publicExponent: [1] }),
    'OperationError: publicExponent is not a byte array', 'no bytes');
  await rejects(make({ publicExponent: Uint8Array.from([2]) }),
    'OperationError: invalid public exponent: public exponent is even', 'even');
  await rejects(make({}, []), 'SyntaxError: key usages cannot be empty', 'no usages');
  await rejects(make({}, ['encrypt']), 'SyntaxError: invalid key usage: encrypt', 'usage');
  await rejects(subtle.generateKey({ name: 'ECDSA', namedCurve: 'X' }, true, ['sign']),
    'NotSupportedError: elliptic curve X is not supported', 'no such curve');
}

// Where k6 has words of Go's, or does otherwise.
async function ours() {
  const wrong = { 'its numbers do not belong together': { ...rsaJwk, e: 'Aw' },
    'invalid key type: EC': ecJwk, 'exponent (e) is required': { kty: 'RSA', n: rsaJwk.n } };
  for (const [why, jwk] of Object.entries(wrong)) {
    await rejects(subtle.importKey('jwk', jwk, sha256('RSA-PSS'), true, ['sign']),
      `DataError: invalid RSA JWK key: ${why}`, why);
  }
  await rejects(subtle.importKey('jwk', { ...ecJwk, y: ecJwk.x }, p256, true, ['verify']),
    'DataError: invalid EC JWK key: its point is not on the curve', 'not on the curve');
  await rejects(subtle.importKey('spki', b64decode(rsaSpki), p256, true, ['verify']),
    'DataError: unable to import ECDSA public key data: it is a key of RSA', 'RSA as ECDSA');
  await rejects(subtle.importKey('pkcs8', data, p256, true, ['sign']),
    'DataError: unable to import ECDSA private key data: it is no key of RSA, P-256, P-384 or P-521',
    'no key');
  const other256 = await subtle.importKey('pkcs8', b64decode(ecPkcs8), { ...p256,
    namedCurve: 'P-384' }, true, ['sign']);
  equal((await subtle.exportKey('jwk', other256)).crv, 'P-256', 'its own curve');
  const own = await subtle.importKey('pkcs8', b64decode(dhPkcs8), p384, true, ['deriveKey']);
  const other = await subtle.importKey('raw', b64decode(dhRaw), p384, true, []);
  const aes = await subtle.deriveKey({ name: 'ECDH', public: other }, own,
    { name: 'AES-GCM', length: 192 }, true, ['encrypt']);
  equal(b64encode(await subtle.exportKey('raw', aes)), dhSecret.slice(0, 32), 'deriveKey');
  // A token as gateways of Google's take it: RS256.
  const jwk = { kty: 'RSA', n: rsaJwk.n, e: rsaJwk.e };
  const key = await subtle.importKey('jwk', jwk, sha256('RSASSA-PKCS1-v1_5'), true, ['verify']);
  equal(await subtle.verify(key.algorithm.name, key, b64decode(pkcs1Sha256), data), true,
    'a public JWK, which k6 v1.3 can\'t use');
}

export default async function () {
  await pkcs1();
  await pss();
  await oaep();
  await rsaFormats();
  await ecdsa();
  await ecdh();
  await generated();
  if (isLoader) await ours();
  finished('webcrypto_pairs');
}

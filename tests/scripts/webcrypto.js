// The global crypto: random values, digests and secret keys.
import { equal, finished, isLoader, rejects } from './assert.js';

const { subtle } = crypto;

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, '0')).join('');
}

function zeros(length) {
  return new Uint8Array(length);
}

function randomValues() {
  const bytes = zeros(64);
  equal(crypto.getRandomValues(bytes) === bytes, true, 'the same array');
  equal(new Set(bytes).size > 8, true, 'filled');
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  equal(uuid.test(crypto.randomUUID()), true, 'randomUUID');
  equal(crypto.randomUUID() === crypto.randomUUID(), false, 'not the same twice');
  if (isLoader) {
    // k6 v1 writes one byte to each element.
    equal(Math.max(...crypto.getRandomValues(new Uint32Array(64))) > 255, true, 'all four bytes');
  }
}

async function randomErrors() {
  const fill = async (array) => crypto.getRandomValues(array);
  const wrongType = 'GoError: TypeMismatchError: typedArray parameter isn\'t a TypedArray instance';
  await rejects(fill([1]), wrongType, 'an array');
  await rejects(fill(new Float32Array(1)), wrongType, 'floats');
  await rejects(fill(zeros(65537)),
    'GoError: QuotaExceededError: typedArray parameter is too big; maximum length is 65536',
    'too many');
}

async function digests() {
  const bytes = Uint8Array.from([1, 2]);
  equal(hex(await subtle.digest('SHA-256', bytes)),
    'a12871fee210fb8619291eaea194581cbd2531e4b23759d225f6806923f63222', 'SHA-256');
  equal(hex(await subtle.digest({ name: 'sha-1' }, bytes.buffer)),
    '0ca623e2855f2c75c842ad302fe820e41b4d197d', 'by object, in lower case, of a buffer');
  equal((await subtle.digest('SHA-384', bytes)).byteLength, 48, 'SHA-384');
  equal((await subtle.digest('SHA-512', bytes)).byteLength, 64, 'SHA-512');
  await rejects(subtle.digest(5, bytes),
    'SyntaxError: algorithm cannot be interpreted as a string or an object', 'no name');
  let name;
  await subtle.digest('MD5', bytes).catch((error) => { name = error.name; });
  equal(name, 'NotSupportedError', 'MD5');
}

async function cbc() {
  const key = await subtle.importKey('raw', zeros(16), { name: 'AES-CBC' }, true,
    ['encrypt', 'decrypt']);
  equal([key.type, key.extractable, key.algorithm.name, key.algorithm.length, key.usages],
    ['secret', true, 'AES-CBC', 128, ['encrypt', 'decrypt']], 'a key');
  const algorithm = { name: 'AES-CBC', iv: zeros(16) };
  const secret = await subtle.encrypt(algorithm, key, Uint8Array.from([1, 2, 3]));
  equal(hex(secret), 'c1b3927c67512c32e2d947e78cd3d229', 'AES-CBC');
  equal(hex(await subtle.decrypt(algorithm, key, secret)), '010203', 'and back');
  await rejects(subtle.decrypt(algorithm, key, zeros(16)), 'OperationError: invalid padding',
    'padding');
  for (const iv of [undefined, zeros(15)]) {
    await rejects(subtle.encrypt({ name: 'AES-CBC', iv }, key, zeros(1)),
      'OperationError: iv length is not 16 bytes', 'iv');
  }
  await rejects(subtle.encrypt({ name: 'AES-GCM', iv: zeros(12) }, key, zeros(1)),
    'InvalidAccessError: encrypt\'s algorithm name does not match key algorithm name', 'other AES');
}

async function gcm() {
  const key = await subtle.importKey('raw', zeros(32), 'AES-GCM', false, ['encrypt']);
  const iv = zeros(12);
  const bytes = Uint8Array.from([1, 2]);
  equal(hex(await subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes)),
    'cfa533a4261176f2bd2d899340a520263168', 'AES-GCM');
  const more = { name: 'AES-GCM', iv, additionalData: Uint8Array.from([9]), tagLength: 96 };
  equal(hex(await subtle.encrypt(more, key, bytes)), 'cfa515c32606937bfa9d4425996c',
    'additional data, short tag');
  await rejects(subtle.decrypt({ name: 'AES-GCM', iv }, key, zeros(20)),
    'InvalidAccessError: decrypt\'s key does not contain the \'decrypt\' usage', 'usage');
  await rejects(subtle.exportKey('raw', key), 'InvalidAccessError: the key is not extractable',
    'export');
  const both = await subtle.importKey('raw', zeros(32), 'AES-GCM', true, ['encrypt', 'decrypt']);
  const secret = await subtle.encrypt(more, both, bytes);
  equal(hex(await subtle.decrypt(more, both, secret)), '0102', 'and back');
  await rejects(subtle.decrypt({ name: 'AES-GCM', iv }, both, zeros(20)),
    'OperationError: could not decrypt ciphertext', 'a wrong tag');
  await rejects(subtle.decrypt({ name: 'AES-GCM', iv }, both, zeros(2)),
    'OperationError: ciphertext is too short', 'no tag');
}

async function ctr() {
  const key = await subtle.importKey('raw', zeros(24), 'AES-CTR', true, ['encrypt', 'decrypt']);
  const algorithm = { name: 'AES-CTR', counter: zeros(16), length: 64 };
  const secret = await subtle.encrypt(algorithm, key, Uint8Array.from([1, 2]));
  equal(hex(secret), 'abe2', 'AES-CTR');
  equal(hex(await subtle.decrypt(algorithm, key, secret)), '0102', 'and back');
  await rejects(subtle.encrypt({ ...algorithm, counter: zeros(8) }, key, zeros(1)),
    'OperationError: counter length is not 16 bytes', 'counter');
  await rejects(subtle.encrypt({ ...algorithm, length: 0 }, key, zeros(1)),
    'OperationError: invalid counter length, out of the 0 < x < 128 bounds', 'length');
}

async function hmac() {
  const key = await subtle.importKey('raw', zeros(3), { name: 'HMAC', hash: 'SHA-256' }, true,
    ['sign', 'verify']);
  const bytes = Uint8Array.from([1]);
  const signature = await subtle.sign('HMAC', key, bytes);
  equal(hex(signature), '3d7afb663124ecbf2c953f863d4fc8796eeb2d372b64aad58697ec5264649cdb', 'HMAC');
  equal(await subtle.verify('HMAC', key, signature, bytes), true, 'verify');
  equal(await subtle.verify('HMAC', key, bytes, bytes), false, 'another signature');
  const jwk = await subtle.exportKey('jwk', key);
  equal(jwk, { kty: 'oct', k: 'AAAA', alg: 'HS256', ext: true, key_ops: ['sign', 'verify'] },
    'jwk');
  const again = await subtle.importKey('jwk', jwk, { name: 'HMAC', hash: 'SHA-256' }, true,
    ['sign']);
  equal(hex(await subtle.sign('HMAC', again, bytes)), hex(signature), 'the same key');
  await rejects(subtle.importKey('raw', zeros(3), 'HMAC', true, ['sign']),
    'SyntaxError: could not get hash from algorithm parameter', 'no hash');
  await rejects(subtle.importKey('raw', zeros(0), { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']),
    'DataError: key length cannot be 0', 'no bytes');
}

async function generated() {
  const sizes = [[{ name: 'HMAC', hash: 'SHA-1' }, 64], [{ name: 'HMAC', hash: 'SHA-384' }, 128],
    [{ name: 'AES-GCM', length: 256 }, 32], [{ name: 'AES-CTR', length: 128 }, 16]];
  for (const [algorithm, size] of sizes) {
    const usages = [algorithm.name === 'HMAC' ? 'sign' : 'encrypt'];
    const key = await subtle.generateKey(algorithm, true, usages);
    equal((await subtle.exportKey('raw', key)).byteLength, size, JSON.stringify(algorithm));
  }
  await rejects(subtle.generateKey({ name: 'AES-GCM', length: 100 }, true, ['encrypt']),
    'OperationError: invalid key length', 'length');
  await rejects(subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, []),
    'SyntaxError: usages cannot not be empty for a secret or private CryptoKey', 'usages');
}

async function imported() {
  const use = ['encrypt'];
  await rejects(subtle.importKey('raw', zeros(15), 'AES-CBC', true, use),
    'DataError: invalid key length 15 bytes', 'length');
  await rejects(subtle.importKey('raw', zeros(16), 'AES-CBC', true, ['sign']),
    'SyntaxError: invalid key usage: sign', 'usage');
  await rejects(subtle.importKey('other', zeros(16), 'AES-CBC', true, use),
    'ImplementationError: unsupported format other', 'format');
  await rejects(subtle.importKey('spki', zeros(16), 'AES-CBC', true, use),
    'NotSupportedError: unsupported key format spki', 'spki');
  await rejects(subtle.importKey('raw', null, 'AES-CBC', true, use),
    'TypeError: data is null or undefined', 'no data');
  await rejects(subtle.importKey('jwk', { kty: 'RSA' }, 'AES-CBC', true, use),
    'DataError: invalid symmetric JWK: invalid key type: RSA', 'kty');
}

// k6 has PBKDF2 since v2; HKDF is ours.
async function derived() {
  const salt = Uint8Array.from([115, 97, 108, 116]);
  const password = Uint8Array.from([112, 97, 115, 115, 119, 111, 114, 100]);
  const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits', 'deriveKey']);
  const algorithm = { name: 'PBKDF2', salt, iterations: 2, hash: 'SHA-1' };
  equal(hex(await subtle.deriveBits(algorithm, key, 160)),
    'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957', 'PBKDF2 of RFC 6070');
  const aes = await subtle.deriveKey(algorithm, key, { name: 'AES-CBC', length: 128 }, true,
    ['encrypt']);
  equal(hex(await subtle.exportKey('raw', aes)), 'ea6c014dc72d6f8ccd1ed92ace1d41f0', 'deriveKey');
  await rejects(subtle.deriveBits(algorithm, key, 9),
    'OperationError: currently only multiples of 8 are supported for length', 'bits');
  const secret = await subtle.importKey('raw', zeros(22).fill(11), 'HKDF', false, ['deriveBits']);
  equal(hex(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: zeros(0),
    info: zeros(0) }, secret, 128)), '8da4e775a563c18f715f802a063c5a31', 'HKDF of RFC 5869');
  await rejects(subtle.sign('AES-CBC', aes, zeros(1)), 'NotSupportedError: algorithm "AES-CBC" ' +
    'doesn\'t support (in implementation) operation "sign"; built in: HMAC, RSASSA-PKCS1-v1_5, ' +
    'RSA-PSS, ECDSA', 'no signatures');
}

export default async function () {
  randomValues();
  await randomErrors();
  await digests();
  await cbc();
  await gcm();
  await ctr();
  await hmac();
  await generated();
  await imported();
  if (isLoader) await derived();
  finished('webcrypto');
}

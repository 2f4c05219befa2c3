'use strict';
// WebCrypto's keys of RSA and of elliptic curves: how they come in, are made, used and go out. The
// bytes of a CryptoKey are PKCS #8 of a private one, SubjectPublicKeyInfo of a public one.

const keys = require('lab:webcrypto_keys');
const { WebCryptoError, CryptoKey, nativeHash, bufferSource, rawUrl } = keys;

const curveBytes = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };
const rsaNumbers = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];
const curveNumbers = ['x', 'y', 'd'];
// What a pair's private and its public key may be used for.
const signing = { private: ['sign'], public: ['verify'] };
const usagesOf = {
  'RSASSA-PKCS1-v1_5': signing, 'RSA-PSS': signing, ECDSA: signing,
  'RSA-OAEP': { private: ['decrypt', 'unwrapKey'], public: ['encrypt', 'wrapKey'] },
  ECDH: { private: ['deriveKey', 'deriveBits'], public: [] },
};
// A longer one would take ten seconds and more to make, and the virtual users of the thread wait.
const modulusBits = { min: 512, max: 4096 };

function isCurve(name) {
  return name === 'ECDSA' || name === 'ECDH';
}

function member(algorithm, key) {
  const value = algorithm !== null && typeof algorithm === 'object' ? algorithm[key] : undefined;
  if (value !== undefined && value !== null) return value;
  throw new WebCryptoError('SyntaxError', `could not get ${key} from algorithm parameter`);
}

function bufferOf(number) {
  const bytes = native.base64Decode(number, rawUrl);
  if (bytes === null) throw new WebCryptoError('DataError', 'a number of the JWK is not base64url');
  return bytes;
}

function keyOfJwk(name, jwk) {
  const given = jwk === null || typeof jwk !== 'object' ? {} : jwk;
  const isRsa = !isCurve(name);
  const wrong = (text) =>
    new WebCryptoError('DataError', `invalid ${isRsa ? 'RSA' : 'EC'} JWK key: ${text}`);
  if (given.kty !== (isRsa ? 'RSA' : 'EC')) throw wrong('invalid key type: ' + (given.kty || ''));
  const needed = isRsa ? { n: 'modulus (n)', e: 'exponent (e)' }
    : { crv: 'curve', x: 'coordinate X', y: 'coordinate Y' };
  for (const [key, what] of Object.entries(needed)) {
    if (typeof given[key] !== 'string' || given[key] === '') throw wrong(what + ' is required');
  }
  if (!isRsa && curveBytes[given.crv] === undefined) {
    throw wrong('invalid elliptic curve ' + given.crv);
  }
  const numbers = (isRsa ? rsaNumbers : curveNumbers).map((key) =>
    (typeof given[key] === 'string' ? bufferOf(given[key]) : null));
  const key = native.keyOfNumbers(isRsa ? 'RSA' : given.crv, ...numbers);
  if (typeof key === 'string') throw wrong(key);
  return key;
}

function keyOfPoint(algorithm, keyData) {
  const bytes = bufferSource(keyData);
  const curve = member(algorithm, 'namedCurve');
  const size = curveBytes[curve];
  if (size === undefined) {
    throw new WebCryptoError('NotSupportedError', 'invalid elliptic curve ' + curve);
  }
  const key = bytes.length === 1 + 2 * size && bytes[0] === 4
    ? native.keyOfNumbers(curve, bytes.slice(1, 1 + size), bytes.slice(1 + size))
    : 'no uncompressed point of ' + curve;
  if (typeof key === 'string') {
    throw new WebCryptoError('DataError', 'unable to import public key data: ' + key);
  }
  return key;
}

function keyOfDer(name, format, keyData) {
  const isPrivate = format === 'pkcs8';
  const key = native.readKey(bufferSource(keyData), isPrivate);
  const what = (isCurve(name) ? name : 'RSA') + (isPrivate ? ' private' : ' public') + ' key';
  if (typeof key === 'string') {
    throw new WebCryptoError('DataError', `unable to import ${what} data: ${key}`);
  }
  if ((key[0] === 'RSA') === isCurve(name)) {
    throw new WebCryptoError('DataError', `unable to import ${what} data: it is a key of ${key[0]}`);
  }
  return key;
}

// What `algorithm` of a CryptoKey is; `bits` of the modulus.
function keyAlgorithm(name, algorithm, bits) {
  if (isCurve(name)) return { name, namedCurve: String(member(algorithm, 'namedCurve')) };
  return { name, modulusLength: bits, hash: { name: keys.hashName(algorithm) } };
}

function importKey(name, format, keyData, algorithm, extractable, usages) {
  keys.checkFormat(format);
  keyAlgorithm(name, algorithm);
  if (format === 'raw' && !isCurve(name)) {
    throw new WebCryptoError('NotSupportedError',
      `unsupported key format ${format} for algorithm ${name}`);
  }
  let key;
  if (format === 'jwk') key = keyOfJwk(name, keyData);
  else if (format === 'raw') key = keyOfPoint(algorithm, keyData);
  else key = keyOfDer(name, format, keyData);
  const [, bits, isPrivate, der] = key;
  const list = Array.from(usages === undefined || usages === null ? [] : usages, String);
  if (isPrivate && list.length === 0) {
    throw new WebCryptoError('SyntaxError',
      'usages cannot not be empty for a secret or private CryptoKey');
  }
  return new CryptoKey({ type: isPrivate ? 'private' : 'public', usages: list,
    extractable: Boolean(extractable), algorithm: keyAlgorithm(name, algorithm, bits) },
  new Uint8Array(der));
}

function checkedExponent(algorithm) {
  const exponent = member(algorithm, 'publicExponent');
  if (!(exponent instanceof Uint8Array)) {
    throw new WebCryptoError('OperationError', 'publicExponent is not a byte array');
  }
  const value = exponent.reduce((sum, byte) => sum * 256 + byte, 0);
  const wrong = (text) =>
    new WebCryptoError('OperationError', 'invalid public exponent: public exponent ' + text);
  if (value % 2 === 0) throw wrong('is even');
  if (value < 3) throw wrong('too small');
  if (value > 0x7fffffff) throw wrong('too large');
  return exponent;
}

// The kind, bits and exponent that native.generateKey wants.
function wanted(name, algorithm) {
  if (isCurve(name)) {
    const curve = member(algorithm, 'namedCurve');
    if (curveBytes[curve] !== undefined) return [curve, 0, null];
    throw new WebCryptoError('NotSupportedError', `elliptic curve ${curve} is not supported`);
  }
  const bits = Math.trunc(Number(member(algorithm, 'modulusLength')));
  const exponent = checkedExponent(algorithm);
  if (bits >= modulusBits.min && bits <= modulusBits.max) return ['RSA', bits, exponent];
  throw new WebCryptoError('OperationError', 'could not generate RSA key pair: modulusLength ' +
    `is ${modulusBits.min} to ${modulusBits.max}`);
}

function generateKey(name, algorithm, extractable, usages) {
  const [kind, bits, exponent] = wanted(name, algorithm);
  const facts = keyAlgorithm(name, algorithm, bits);
  const list = Array.from(usages === undefined || usages === null ? [] : usages, String);
  if (list.length === 0) throw new WebCryptoError('SyntaxError', 'key usages cannot be empty');
  const allowed = usagesOf[name];
  for (const usage of list) {
    if (!allowed.private.includes(usage) && !allowed.public.includes(usage)) {
      throw new WebCryptoError('SyntaxError', 'invalid key usage: ' + usage);
    }
  }
  const made = native.generateKey(kind, bits, exponent);
  if (typeof made === 'string') {
    throw new WebCryptoError('OperationError', `could not generate ${name} key pair: ${made}`);
  }
  const der = new Uint8Array(made[3]);
  const numbers = native.numbersOfKey(der, true);
  const publicDer = new Uint8Array(native.keyOfNumbers(kind, numbers[0], numbers[1])[3]);
  const key = (type, bytes, mayLeave) => new CryptoKey({ type, extractable: mayLeave,
    algorithm: { ...facts }, usages: list.filter((usage) => allowed[type].includes(usage)) }, bytes);
  return { privateKey: key('private', der, Boolean(extractable)),
    publicKey: key('public', publicDer, true) };
}

// The curve is the key's own: k6 takes one under another's name.
function jwkOf(key, numbers) {
  const [kind] = native.readKey(CryptoKey.bytesOf(key), key.type === 'private');
  const isRsa = kind === 'RSA';
  const jwk = isRsa ? { kty: 'RSA' } : { kty: 'EC', crv: kind };
  (isRsa ? rsaNumbers : curveNumbers).forEach((name, i) => {
    if (numbers[i].byteLength > 0) jwk[name] = native.base64Encode(numbers[i], rawUrl);
  });
  return jwk;
}

function exportKey(format, key) {
  const bytes = CryptoKey.bytesOf(key);
  const isPrivate = key.type === 'private';
  const isRsa = !isCurve(key.algorithm.name);
  const wrong = (type) => new WebCryptoError('InvalidAccessError', isRsa
    ? `given CryptoKey is not a ${type} RSA key` : `key is not a valid elliptic curve ${type} key`);
  if (format === 'pkcs8' && !isPrivate) throw wrong('private');
  if ((format === 'spki' || (format === 'raw' && !isRsa)) && isPrivate) throw wrong('public');
  if (format === 'pkcs8' || format === 'spki') return bytes.slice().buffer;
  if (format !== 'jwk' && (format !== 'raw' || isRsa)) {
    throw new WebCryptoError('NotSupportedError', 'unsupported key format ' + format);
  }
  const numbers = native.numbersOfKey(bytes, isPrivate);
  if (format === 'jwk') return jwkOf(key, numbers);
  const point = new Uint8Array(1 + 2 * numbers[0].byteLength);
  point[0] = 4;  // Uncompressed, as SEC 1 has it.
  point.set(new Uint8Array(numbers[0]), 1);
  point.set(new Uint8Array(numbers[1]), 1 + numbers[0].byteLength);
  return point.buffer;
}

// The bytes of a key that may be used for this, and is private or public as this needs it.
function bytesFor(key, name, usage, type) {
  const bytes = keys.usableBytes(key, name, usage);
  if (key.type === type) return bytes;
  throw new WebCryptoError('InvalidAccessError', isCurve(name)
    ? `key is not a valid ${name} ${type} key` : `given CryptoKey is not a ${type} RSA key`);
}

// The arguments of native.sign, and but for the signature of native.verify.
function signatureArguments(usage, algorithm, key, data) {
  const bytes = bufferSource(data);
  const name = keys.algorithmName(algorithm, usage);
  const salt = name === 'RSA-PSS' ? Math.trunc(Number(member(algorithm, 'saltLength'))) : 0;
  const ownHash = name === 'ECDSA' ? keys.hashName(algorithm) : null;
  const der = bytesFor(key, name, usage, usage === 'sign' ? 'private' : 'public');
  return [name, nativeHash[ownHash || key.algorithm.hash.name], der, bytes, salt];
}

function sign(algorithm, key, data) {
  const made = native.sign(...signatureArguments('sign', algorithm, key, data));
  if (made !== null) return made;
  throw new WebCryptoError('OperationError',
    'could not sign data: the key is too small for the hash and the salt');
}

function verify(algorithm, key, signature, data) {
  const given = bufferSource(signature);
  return native.verify(...signatureArguments('verify', algorithm, key, data), given);
}

function oaep(operation, algorithm, key, data) {
  const bytes = bufferSource(data);
  const der = bytesFor(key, 'RSA-OAEP', operation, operation === 'encrypt' ? 'public' : 'private');
  const label = algorithm === null || typeof algorithm !== 'object' ||
    algorithm.label === undefined ? null : bufferSource(algorithm.label);
  const hash = nativeHash[key.algorithm.hash.name];
  const result = native.oaep(operation === 'encrypt', hash, der, label, bytes);
  if (result !== null) return result;
  throw new WebCryptoError('OperationError', `could not ${operation} data: crypto/rsa: ` +
    (operation === 'encrypt' ? 'message too long for RSA key size' : 'decryption error'));
}

// `bits` of what two keys have in common; nothing, or 0: all.
function ecdhBits(algorithm, key, usage, bits) {
  const own = bytesFor(key, 'ECDH', usage, 'private');
  const other = algorithm.public;
  if (other === undefined || other === null) {
    throw new WebCryptoError('TypeError', 'algorithm does not contain a public key');
  }
  if (!(other instanceof CryptoKey)) {
    throw new WebCryptoError('TypeError', 'algorithm\'s public is not a valid CryptoKey');
  }
  const wrong = (text) => new WebCryptoError('InvalidAccessError', text);
  if (other.type !== 'public') throw wrong('algorithm\'s public key is not a public key');
  if (other.algorithm.name !== 'ECDH') {
    throw wrong('algorithm name does not match public key\'s algorithm name: ECDH != ' +
      other.algorithm.name);
  }
  const curves = [key, other].map((each) => each.algorithm.namedCurve);
  if (curves[0] !== curves[1]) {
    throw wrong(`keys have different curves ${curves[0]} and ${curves[1]}`);
  }
  const length = Number(bits) || 0;
  if (length < 0 || length % 8 !== 0) {
    throw new WebCryptoError('NotSupportedError',
      'currently only multiples of 8 are supported for length');
  }
  const secret = native.ecdh(own, CryptoKey.bytesOf(other));
  if (secret === null || secret.byteLength < length / 8) {
    throw new WebCryptoError('OperationError', secret === null
      ? 'the keys are not of one curve' : 'length is too large');
  }
  return length === 0 ? secret : secret.slice(0, length / 8);
}

Object.assign(exports, { importKey, generateKey, exportKey, sign, verify, oaep, ecdhBits });

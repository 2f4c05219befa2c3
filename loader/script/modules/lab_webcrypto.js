'use strict';
// The global crypto: getRandomValues, randomUUID and subtle.

const { GoError } = require('lab:errors');
const { viewOf, hexOf } = require('lab:bytes');
const keys = require('lab:webcrypto_keys');
const pairs = require('lab:webcrypto_pairs');
const { WebCryptoError, CryptoKey, algorithmName, hashName, nativeHash, bufferSource,
  usableBytes } = keys;

const randomBytesMax = 65536;
const nativeCipher = { 'AES-CBC': 'aes-cbc', 'AES-CTR': 'aes-ctr', 'AES-GCM': 'aes-gcm' };
const gcmTagBits = [96, 104, 112, 120, 128];

// k6 throws Go errors here, and rejects with the standard's in subtle.
function getRandomValues(array) {
  if (!ArrayBuffer.isView(array) || array instanceof DataView ||
      array instanceof Float32Array || array instanceof Float64Array) {
    throw new GoError('TypeMismatchError: typedArray parameter isn\'t a TypedArray instance');
  }
  if (array.byteLength > randomBytesMax) {
    throw new GoError('QuotaExceededError: typedArray parameter is too big; maximum length is ' +
      randomBytesMax);
  }
  if (array.byteLength > 0) {
    viewOf(array).set(new Uint8Array(native.randomBytes(array.byteLength)));
  }
  return array;
}

function randomUUID() {
  const bytes = new Uint8Array(native.randomBytes(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;  // Version 4 and variant 1 of RFC 4122.
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = hexOf(bytes);
  return hex.slice(0, 8) + '-' + hex.slice(8, 12) + '-' + hex.slice(12, 16) + '-' +
    hex.slice(16, 20) + '-' + hex.slice(20);
}

function initialVector(name, algorithm) {
  const isCounter = name === 'AES-CTR';
  const given = isCounter ? algorithm.counter : algorithm.iv;
  const iv = given === undefined ? new Uint8Array(0) : bufferSource(given);
  if (name === 'AES-GCM') {
    if (iv.length === 0) throw new WebCryptoError('OperationError', 'iv is empty');
    return iv;
  }
  if (iv.length !== 16) {
    throw new WebCryptoError('OperationError',
      (isCounter ? 'counter' : 'iv') + ' length is not 16 bytes');
  }
  if (isCounter && !(algorithm.length > 0 && algorithm.length <= 128)) {
    throw new WebCryptoError('OperationError',
      'invalid counter length, out of the 0 < x < 128 bounds');
  }
  return iv;
}

function gcmTagBytes(algorithm) {
  const bits = algorithm.tagLength === undefined ? 128 : Number(algorithm.tagLength);
  if (!gcmTagBits.includes(bits)) {
    throw new WebCryptoError('OperationError',
      'invalid tag length, accepted values are ' + gcmTagBits.join(', '));
  }
  return bits / 8;
}

function cipherFailure(operation, name) {
  if (operation === 'encrypt') return 'could not encrypt the data';
  return name === 'AES-CBC' ? 'invalid padding' : 'could not decrypt ciphertext';
}

function cipher(operation, algorithm, key, data) {
  const bytes = bufferSource(data);
  const name = algorithmName(algorithm, operation);
  if (name === 'RSA-OAEP') return pairs.oaep(operation, algorithm, key, data);
  const keyBytes = usableBytes(key, name, operation);
  const iv = initialVector(name, algorithm);
  const isGcm = name === 'AES-GCM';
  const tagBytes = isGcm ? gcmTagBytes(algorithm) : 0;
  if (operation === 'decrypt' && bytes.length < tagBytes) {
    throw new WebCryptoError('OperationError', 'ciphertext is too short');
  }
  const additional = isGcm && algorithm.additionalData !== undefined
    ? bufferSource(algorithm.additionalData) : null;
  const result = native.cipher(nativeCipher[name], operation === 'encrypt', keyBytes, iv, bytes,
    additional, tagBytes);
  if (result === null) {
    throw new WebCryptoError('OperationError', cipherFailure(operation, name));
  }
  return result;
}

function signature(operation, algorithm, key, data) {
  const bytes = bufferSource(data);
  const name = algorithmName(algorithm, operation);
  if (name !== 'HMAC') return pairs.sign(algorithm, key, data);
  const keyBytes = usableBytes(key, name, operation);
  return native.hmac(nativeHash[key.algorithm.hash.name], keyBytes, bytes);
}

function verified(algorithm, key, given, data) {
  if (algorithmName(algorithm, 'verify') !== 'HMAC') {
    return pairs.verify(algorithm, key, given, data);
  }
  const expected = new Uint8Array(signature('verify', algorithm, key, data));
  const actual = bufferSource(given);
  if (actual.length !== expected.length) return false;
  return expected.every((byte, i) => byte === actual[i]);
}

function positiveMultipleOf8(length) {
  const bits = Number(length);
  if (!(bits > 0)) throw new WebCryptoError('OperationError', 'length can not be 0');
  if (bits % 8 !== 0) {
    throw new WebCryptoError('OperationError',
      'currently only multiples of 8 are supported for length');
  }
  return bits / 8;
}

function derived(usage, algorithm, key, bits) {
  const name = algorithmName(algorithm, usage);
  if (name === 'ECDH') return pairs.ecdhBits(algorithm, key, usage, bits);
  const hash = nativeHash[hashName(algorithm)];
  const salt = bufferSource(algorithm.salt);
  const keyBytes = usableBytes(key, name, usage);
  const bytes = positiveMultipleOf8(bits);
  if (name === 'HKDF') {
    return native.hkdf(hash, keyBytes, salt, bufferSource(algorithm.info), bytes);
  }
  const iterations = Math.trunc(Number(algorithm.iterations)) || 0;
  if (iterations < 1) {
    throw new WebCryptoError('OperationError', 'number of iterations can\'t be 0');
  }
  return native.pbkdf2(hash, keyBytes, salt, iterations, bytes);
}

function derivedKey(algorithm, baseKey, keyType, extractable, usages) {
  const bits = keys.generatedBits(algorithmName(keyType, 'generateKey'), keyType);
  const bytes = derived('deriveKey', algorithm, baseKey, bits);
  return keys.importKey(algorithmName(keyType, 'importKey'), 'raw', bytes, keyType, extractable,
    usages);
}

function digest(algorithm, data) {
  if (!(data instanceof ArrayBuffer) && !ArrayBuffer.isView(data)) {
    throw new TypeError('data must be an ArrayBuffer, TypedArray, or DataView');
  }
  return native.digest(nativeHash[algorithmName(algorithm, 'digest')], bufferSource(data));
}

// What deals with the keys of an algorithm.
function keysOf(name) {
  return keys.pairs.includes(name) ? pairs : keys;
}

function notImplemented(name) {
  return function () {
    throw new WebCryptoError('NotSupportedError', 'crypto.subtle.' + name + ' is not built in');
  };
}

const operations = {
  digest,
  encrypt(algorithm, key, data) { return cipher('encrypt', algorithm, key, data); },
  decrypt(algorithm, key, data) { return cipher('decrypt', algorithm, key, data); },
  sign(algorithm, key, data) { return signature('sign', algorithm, key, data); },
  verify: verified,
  generateKey(algorithm, extractable, usages) {
    const name = algorithmName(algorithm, 'generateKey');
    return keysOf(name).generateKey(name, algorithm, extractable, usages);
  },
  importKey(format, keyData, algorithm, extractable, usages) {
    const name = algorithmName(algorithm, 'importKey');
    return keysOf(name).importKey(name, format, keyData, algorithm, extractable, usages);
  },
  exportKey(format, key) {
    return keysOf(keys.exportableName(key)).exportKey(format, key);
  },
  deriveBits(algorithm, key, length) { return derived('deriveBits', algorithm, key, length); },
  deriveKey: derivedKey,
  wrapKey: notImplemented('wrapKey'),
  unwrapKey: notImplemented('unwrapKey'),
};

// As in k6 what comes of an operation is a thing of its own for the event loop: whoever else has
// something to do comes first.
const subtle = {};
for (const [name, operation] of Object.entries(operations)) {
  subtle[name] = async function (...args) {
    const result = operation(...args);
    await new Promise((resolve) => { native.pause(resolve); });
    return result;
  };
}

exports.crypto = { getRandomValues, randomUUID, subtle, CryptoKey };

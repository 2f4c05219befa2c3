'use strict';
// Keys and algorithm names of WebCrypto's subtle: what is built, and how secret keys come in and
// go out.

const { viewOf } = require('lab:bytes');

class WebCryptoError extends Error {
  constructor(name, message) {
    super(message);
    Object.defineProperty(this, 'name', { value: name, configurable: true });
  }
}

const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
const nativeHash = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384',
  'SHA-512': 'sha512' };
const aes = ['AES-CBC', 'AES-CTR', 'AES-GCM'];
const derivations = ['PBKDF2', 'HKDF'];
const signatures = ['RSASSA-PKCS1-v1_5', 'RSA-PSS', 'ECDSA'];
const pairs = [...signatures, 'RSA-OAEP', 'ECDH'];
const algorithmsOf = {
  digest: hashes,
  encrypt: [...aes, 'RSA-OAEP'], decrypt: [...aes, 'RSA-OAEP'],
  sign: ['HMAC', ...signatures], verify: ['HMAC', ...signatures],
  generateKey: ['HMAC', ...aes, ...pairs],
  importKey: ['HMAC', ...aes, ...pairs, ...derivations],
  exportKey: ['HMAC', ...aes, ...pairs],
  deriveBits: ['ECDH', ...derivations], deriveKey: ['ECDH', ...derivations],
};
const usagesOf = {
  HMAC: ['sign', 'verify'],
  PBKDF2: ['deriveKey', 'deriveBits'], HKDF: ['deriveKey', 'deriveBits'],
};
const aesUsages = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
const formats = ['raw', 'jwk', 'pkcs8', 'spki'];
// A variant of native.base64Encode.
const rawUrl = 3;
const hashBlockBytes = { 'SHA-1': 64, 'SHA-256': 64, 'SHA-384': 128, 'SHA-512': 128 };

class CryptoKey {
  #bytes;
  constructor(fields, bytes) {
    this.type = fields.type || 'secret';
    this.extractable = fields.extractable;
    this.algorithm = fields.algorithm;
    this.usages = fields.usages;
    this.#bytes = bytes;
  }

  static bytesOf(key) { return key.#bytes; }
}

// The name of an algorithm (a string or {name}) as the standard spells it, if `operation` has it.
function algorithmName(algorithm, operation) {
  const given = algorithm !== null && typeof algorithm === 'object' ? algorithm.name : algorithm;
  if (typeof given !== 'string') {
    throw new WebCryptoError('SyntaxError',
      'algorithm cannot be interpreted as a string or an object');
  }
  const built = algorithmsOf[operation];
  const name = built.find((each) => each.toUpperCase() === given.toUpperCase());
  if (name === undefined) {
    throw new WebCryptoError('NotSupportedError', 'algorithm "' + given + '" doesn\'t support ' +
      '(in implementation) operation "' + operation + '"; built in: ' + built.join(', '));
  }
  return name;
}

function hashName(algorithm) {
  if (algorithm === null || typeof algorithm !== 'object' || algorithm.hash === undefined) {
    throw new WebCryptoError('SyntaxError', 'could not get hash from algorithm parameter');
  }
  return algorithmName(algorithm.hash, 'digest');
}

// A copy of an ArrayBuffer's or view's bytes, as a Uint8Array.
function bufferSource(data) {
  if (data === null || data === undefined) {
    throw new WebCryptoError('TypeError', 'data is null or undefined');
  }
  if (!(data instanceof ArrayBuffer) && !ArrayBuffer.isView(data)) {
    throw new WebCryptoError('OperationError',
      'data is neither an ArrayBuffer, nor a TypedArray nor DataView');
  }
  return viewOf(data).slice();
}

function checkedUsages(name, usages) {
  const allowed = usagesOf[name] || aesUsages;
  const list = Array.from(usages === undefined || usages === null ? [] : usages, String);
  for (const usage of list) {
    if (!allowed.includes(usage)) {
      throw new WebCryptoError('SyntaxError', 'invalid key usage: ' + usage);
    }
  }
  if (list.length === 0) {
    throw new WebCryptoError('SyntaxError',
      'usages cannot not be empty for a secret or private CryptoKey');
  }
  return list;
}

// The key algorithm object of a key of these bytes.
function keyAlgorithm(name, algorithm, bytes) {
  if (derivations.includes(name)) return { name };
  const length = bytes.length * 8;
  if (name === 'HMAC') {
    if (length === 0) throw new WebCryptoError('DataError', 'key length cannot be 0');
    if (algorithm.length !== undefined && Number(algorithm.length) !== length) {
      throw new WebCryptoError('DataError',
        'key length cannot be different from the length of the imported data');
    }
    return { name, length, hash: { name: hashName(algorithm) } };
  }
  if (length !== 128 && length !== 192 && length !== 256) {
    throw new WebCryptoError('DataError', 'invalid key length ' + bytes.length + ' bytes');
  }
  return { name, length };
}

function bytesOfJwk(jwk) {
  const key = jwk === null || typeof jwk !== 'object' ? {} : jwk;
  if (key.kty !== 'oct' || typeof key.k !== 'string') {
    throw new WebCryptoError('DataError', key.kty === 'oct'
      ? 'invalid symmetric JWK: key (k) is required'
      : 'invalid symmetric JWK: invalid key type: ' + (key.kty || ''));
  }
  const bytes = native.base64Decode(key.k, rawUrl);
  if (bytes === null) {
    throw new WebCryptoError('DataError', 'failed to decode symmetric key: k is not base64url');
  }
  return new Uint8Array(bytes);
}

function checkFormat(format) {
  if (!formats.includes(format)) {
    throw new WebCryptoError('ImplementationError', 'unsupported format ' + format);
  }
}

function importKey(name, format, keyData, algorithm, extractable, usages) {
  if (name === 'HMAC') hashName(algorithm);
  checkFormat(format);
  if (format !== 'raw' && (format !== 'jwk' || derivations.includes(name))) {
    throw new WebCryptoError('NotSupportedError', 'unsupported key format ' + format);
  }
  const bytes = format === 'jwk' ? bytesOfJwk(keyData) : bufferSource(keyData);
  const allowed = checkedUsages(name, usages);
  if (derivations.includes(name) && extractable) {
    throw new WebCryptoError('SyntaxError', 'a key of ' + name + ' cannot be extractable');
  }
  return new CryptoKey({ extractable: Boolean(extractable), usages: allowed,
    algorithm: keyAlgorithm(name, algorithm, bytes) }, bytes);
}

function generatedBits(name, algorithm) {
  if (name === 'HMAC') {
    const bits = algorithm.length === undefined ? hashBlockBytes[hashName(algorithm)] * 8
                                                : Number(algorithm.length);
    if (bits >= 8) return bits;
    throw new WebCryptoError('OperationError', 'algorithm\'s length cannot be 0');
  }
  if (algorithm === null || typeof algorithm !== 'object' || algorithm.length === undefined) {
    throw new WebCryptoError('SyntaxError', 'could not get length from algorithm parameter');
  }
  const bits = Number(algorithm.length);
  if (bits === 128 || bits === 192 || bits === 256) return bits;
  throw new WebCryptoError('OperationError', 'invalid key length');
}

function generateKey(name, algorithm, extractable, usages) {
  const bytes = Math.floor(generatedBits(name, algorithm) / 8);
  const key = new Uint8Array(native.randomBytes(bytes));
  return new CryptoKey({ extractable: Boolean(extractable), usages: checkedUsages(name, usages),
    algorithm: keyAlgorithm(name, { hash: algorithm.hash }, key) }, key);
}

function jwkAlgorithm(algorithm) {
  if (algorithm.name === 'HMAC') return 'HS' + algorithm.hash.name.slice(4);
  return 'A' + algorithm.length + algorithm.name.slice(4);
}

// The name of its algorithm, if it is a key that may go out.
function exportableName(key) {
  if (!(key instanceof CryptoKey)) {
    throw new WebCryptoError('ImplementationError', 'unable to extract CryptoKey from key object');
  }
  const name = algorithmName(key.algorithm, 'exportKey');
  if (!key.extractable) {
    throw new WebCryptoError('InvalidAccessError', 'the key is not extractable');
  }
  return name;
}

function exportKey(format, key) {
  const bytes = CryptoKey.bytesOf(key);
  if (format === 'raw') return bytes.slice().buffer;
  if (format === 'jwk') {
    return { kty: 'oct', k: native.base64Encode(bytes, rawUrl), alg: jwkAlgorithm(key.algorithm),
      ext: true, key_ops: key.usages.slice() };
  }
  throw new WebCryptoError('NotSupportedError', 'unsupported key format ' + format);
}

// The bytes of a key that may be used for this operation with this algorithm.
function usableBytes(key, name, usage) {
  const whose = usage === 'encrypt' || usage === 'decrypt' ? usage + '\'s ' : '';
  const wrong = (text) => new WebCryptoError('InvalidAccessError', whose + text);
  if (!(key instanceof CryptoKey)) {
    throw wrong('key argument does hold not a valid CryptoKey object');
  }
  if (key.algorithm.name !== name) throw wrong('algorithm name does not match key algorithm name');
  if (!key.usages.includes(usage)) throw wrong('key does not contain the \'' + usage + '\' usage');
  return CryptoKey.bytesOf(key);
}

Object.assign(exports, { pairs, rawUrl, nativeHash, WebCryptoError, CryptoKey, algorithmName,
  hashName, bufferSource, checkFormat, importKey, generateKey, exportableName, exportKey,
  usableBytes, generatedBits });

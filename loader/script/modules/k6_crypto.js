'use strict';
// k6/crypto: digests and HMACs of strings and bytes.

const { GoError } = require('lab:errors');
const { bytesOf, copied, joined, hexOf } = require('lab:bytes');
const { goString } = require('lab:arguments');

const algorithms = ['md4', 'md5', 'sha1', 'sha256', 'sha384', 'sha512', 'sha512_224',
  'sha512_256', 'ripemd160'];

function encoded(sum, encoding) {
  switch (encoding) {
    case 'hex': return hexOf(sum);
    case 'base64': return native.base64Encode(sum, 0);
    case 'base64url': return native.base64Encode(sum, 2);
    case 'base64rawurl': return native.base64Encode(sum, 3);
    case 'binary': return sum;
  }
  throw new GoError('invalid output encoding: ' + encoding);
}

function checkedAlgorithm(name) {
  if (!algorithms.includes(name)) throw new GoError('invalid algorithm: ' + name);
  return name;
}

// A hash or, with a key, an HMAC, whose input comes in pieces.
class Hasher {
  #algorithm;
  #key;
  #parts = [];

  constructor(algorithm, key) {
    this.#algorithm = algorithm;
    this.#key = key;
  }

  update(input) { this.#parts.push(copied(bytesOf(input))); }

  // May be called more than once, and between updates.
  digest(encoding) {
    this.#parts = [this.#parts.length === 0 ? '' : joined(this.#parts)];
    const bytes = this.#parts[0];
    const sum = this.#key === null ? native.digest(this.#algorithm, bytes)
                                   : native.hmac(this.#algorithm, this.#key, bytes);
    return encoded(sum, goString(encoding));
  }
}

function digestFunction(algorithm) {
  return function (input, encoding) {
    let bytes;
    try {
      bytes = bytesOf(input);
    } catch (error) {
      throw new GoError(algorithm + ' failed: ' + error.message);
    }
    return encoded(native.digest(algorithm, bytes), goString(encoding));
  };
}

function createHash(algorithm) {
  return new Hasher(checkedAlgorithm(goString(algorithm)), null);
}

function createHMAC(algorithm, key) {
  return new Hasher(checkedAlgorithm(goString(algorithm)), copied(bytesOf(key)));
}

function hmac(algorithm, key, input, encoding) {
  const name = checkedAlgorithm(goString(algorithm));
  const sum = native.hmac(name, bytesOf(key), bytesOf(input));
  return encoded(sum, goString(encoding));
}

function randomBytes(size) {
  const bytes = Math.trunc(Number(size)) || 0;
  if (bytes < 1) throw new GoError('invalid size');
  return native.randomBytes(bytes);
}

function hexEncode(data) {
  return hexOf(bytesOf(data));
}

for (const algorithm of algorithms) exports[algorithm] = digestFunction(algorithm);
exports.createHash = createHash;
exports.createHMAC = createHMAC;
exports.hmac = hmac;
exports.randomBytes = randomBytes;
exports.hexEncode = hexEncode;

'use strict';
// k6/encoding: base64 with Go's alphabets and Go's messages.

const { GoError } = require('lab:errors');
const { bytesOf } = require('lab:bytes');
const { goString } = require('lab:arguments');

// The numbers native.base64Encode and base64Decode know; anything else means std, as in k6.
const variants = { std: 0, rawstd: 1, url: 2, rawurl: 3 };
const digitPatterns = [/[A-Za-z0-9+/]/, /[A-Za-z0-9-_]/];

function variantOf(name) {
  return Object.prototype.hasOwnProperty.call(variants, name) ? variants[name] : 0;
}

function skipNewlines(text, at) {
  while (at < text.length && (text[at] === '\r' || text[at] === '\n')) at++;
  return at;
}

// Where Go finds padding at `at` (an offset of '=' after `digits` digits of a group) wrong.
function malformedPadding(text, at, digits) {
  if (digits < 2) return at;
  let next = at + 1;
  if (digits === 2) {
    next = skipNewlines(text, next);
    if (next === text.length) return text.length;
    if (text[next] !== '=') return next - 1;
    next++;
  }
  return skipNewlines(text, next);
}

// The offset Go's decoder names for a text that it refuses.
function malformedAt(text, variant) {
  const isPadded = variant === 0 || variant === 2;
  const digit = digitPatterns[variant >> 1];
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '\r' || c === '\n') continue;
    if (digit.test(c)) {
      digits = (digits + 1) % 4;
    } else {
      return c === '=' && isPadded ? malformedPadding(text, at, digits) : at;
    }
  }
  return text.length - digits;
}

function b64encode(input, encoding) {
  return native.base64Encode(bytesOf(input), variantOf(encoding));
}

function b64decode(input, encoding, format) {
  const text = goString(input);
  const variant = variantOf(encoding);
  const bytes = native.base64Decode(text, variant);
  if (bytes === null) {
    throw new GoError('illegal base64 data at input byte ' + malformedAt(text, variant));
  }
  return format === 's' ? native.utf8Decode(bytes) : bytes;
}

exports.b64encode = b64encode;
exports.b64decode = b64decode;

'use strict';
// Percent-encoding as the URL standard (url.spec.whatwg.org) has it, by sets of characters.

const fragmentSet = ' "<>`';
const querySet = ' "#<>';
const pathSet = querySet + '?`{}';
const userinfoSet = pathSet + '/:;=@[\\]^|';
exports.sets = { c0: '', fragment: fragmentSet, query: querySet, specialQuery: querySet + '\'',
  path: pathSet, userinfo: userinfoSet };

function encodedCharacter(c) {
  // A lone surrogate becomes U+FFFD, as in UTF-8.
  return /^[\ud800-\udfff]$/.test(c) ? '%EF%BF%BD'
    : encodeURIComponent(c).replace(/^[!'()*~_.-]$/, (plain) =>
      '%' + plain.charCodeAt(0).toString(16).toUpperCase());
}

// Encodes what is in the set, control characters and all beyond ASCII.
function encoded(text, set) {
  if (/^[\w.-]*$/.test(text)) return text;
  let result = '';
  for (const c of text) {
    const code = c.codePointAt(0);
    const isPlain = code > 0x1f && code < 0x7f && !set.includes(c);
    result += isPlain ? c : encodedCharacter(c);
  }
  return result;
}

// The bytes of a text in UTF-8, in which %41 stands for a byte; what is no such escape stands for
// itself.
function decodedBytes(text) {
  const source = new Uint8Array(native.utf8Encode(text));
  const bytes = new Uint8Array(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const digits = source[i] === 0x25 ? String.fromCharCode(source[i + 1], source[i + 2]) : '';
    if (/^[0-9a-fA-F]{2}$/.test(digits)) {
      bytes[length++] = parseInt(digits, 16);
      i += 2;
    } else {
      bytes[length++] = source[i];
    }
  }
  return bytes.subarray(0, length);
}

exports.encoded = encoded;
exports.decoded = (text) => native.utf8Decode(decodedBytes(text));

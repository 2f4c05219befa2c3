'use strict';
// TextEncoder and TextDecoder: UTF-8 and UTF-16, as k6 has them since v2.2.

class TextEncoder {
  constructor() {
    hidden(this, 'encoding', 'utf-8');
  }

  encode(text) {
    const isMissing = text === undefined || text === null;
    return new Uint8Array(native.utf8Encode(isMissing ? '' : String(text)));
  }
}

function hidden(object, name, value) {
  Object.defineProperty(object, name, { value, configurable: true });
}

const utf8Labels = (
  '|unicode-1-1-utf-8|unicode11utf8|unicode20utf8|utf-8|utf8|x-unicode20utf8'
).split('|');
const utf16leLabels = (
  'csunicode|iso-10646-ucs-2|ucs-2|unicode|unicodefeff|utf-16|utf-16le'
).split('|');
const utf16beLabels = ['unicodefffe', 'utf-16be'];

function encodingOf(label) {
  const name = label.toLowerCase().replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '');
  if (utf8Labels.includes(name)) return 'utf-8';
  if (utf16leLabels.includes(name)) return 'utf-16le';
  if (utf16beLabels.includes(name)) return 'utf-16be';
  throw new RangeError(`unsupported encoding: ${label}`);
}

function bytesOf(data) {
  if (data === undefined || data === null) return new Uint8Array(0);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  throw new TypeError('data is not an ArrayBuffer, typed array, or DataView');
}

function joined(first, second) {
  if (first === null || first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function sequenceLength(lead) {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
}

// Whether a second byte may follow this first one: no overlong forms, surrogates, or numbers above
// U+10FFFF.
function mayFollow(lead, second) {
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return second >= least && second <= most;
}

// How many bytes at the end are the beginning of a sequence that more bytes may complete.
function incompleteUtf8(bytes) {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back];
    if (byte >= 0x80 && byte <= 0xbf) continue;
    if (sequenceLength(byte) <= back) return 0;
    return back === 1 || mayFollow(byte, bytes[bytes.length - back + 1]) ? back : 0;
  }
  return 0;
}

function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

// What was replaced does not come back as the bytes that it was.
function hasInvalidUtf8(bytes, text) {
  return text.includes('\ufffd') && !sameBytes(bytes, new Uint8Array(native.utf8Encode(text)));
}

function codeUnits(bytes, bigEndian) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    text += String.fromCharCode(view.getUint16(i, !bigEndian));
  }
  return text;
}

const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function isHighSurrogate(text, index) {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}

class TextDecoder {
  #pending = null;
  #begun = false;
  #bigEndian;

  constructor(label, options) {
    const encoding = encodingOf(label === undefined || label === null ? 'utf-8' : `${label}`);
    const given = options === undefined || options === null ? {} : options;
    this.#bigEndian = encoding === 'utf-16be';
    hidden(this, 'encoding', encoding);
    hidden(this, 'fatal', !!given.fatal);
    hidden(this, 'ignoreBOM', !!given.ignoreBOM);
  }

  decode(data, options) {
    const stream = options !== undefined && options !== null && !!options.stream;
    const bytes = joined(this.#pending, bytesOf(data));
    const decoded =
      this.encoding === 'utf-8' ? this.#utf8(bytes, stream) : this.#utf16(bytes, stream);
    if (decoded.invalid && this.fatal) {
      this.#reset();
      throw new TypeError('decoding text: invalid byte sequence');
    }
    const text = this.#withoutMark(decoded.text);
    if (!stream) this.#reset();
    return text;
  }

  #reset() {
    this.#pending = null;
    this.#begun = false;
    this.#bigEndian = this.encoding === 'utf-16be';
  }

  #keep(bytes, count) {
    this.#pending = count === 0 ? null : bytes.slice(bytes.length - count);
    return count === 0 ? bytes : bytes.subarray(0, bytes.length - count);
  }

  #utf8(bytes, stream) {
    const whole = this.#keep(bytes, stream ? incompleteUtf8(bytes) : 0);
    const text = native.utf8Decode(whole);
    return { text, invalid: hasInvalidUtf8(whole, text) };
  }

  #utf16(bytes, stream) {
    if (!this.#begun && !this.ignoreBOM && bytes.length >= 2) {
      // A mark says more than the label.
      if (bytes[0] === 0xff && bytes[1] === 0xfe) this.#bigEndian = false;
      if (bytes[0] === 0xfe && bytes[1] === 0xff) this.#bigEndian = true;
    }
    const units = codeUnits(bytes, this.#bigEndian);
    const odd = bytes.length % 2;
    if (stream) {
      const half = units !== '' && isHighSurrogate(units, units.length - 1) ? 1 : 0;
      this.#keep(bytes, odd + 2 * half);
      return this.#replaced(units.slice(0, units.length - half));
    }
    const decoded = this.#replaced(units);
    return odd === 0 ? decoded : { text: decoded.text + '\ufffd', invalid: true };
  }

  #replaced(units) {
    const text = units.replace(loneSurrogates, '\ufffd');
    return { text, invalid: text !== units };
  }

  #withoutMark(text) {
    if (this.#begun || text === '') return text;
    this.#begun = true;
    return !this.ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

exports.TextEncoder = TextEncoder;
exports.TextDecoder = TextDecoder;

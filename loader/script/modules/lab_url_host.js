'use strict';
// Hosts of special URLs as the URL standard reads and writes them: names, IPv4 and IPv6.

const percent = require('lab:percent');

const forbidden = /[\x00-\x20"#%/:<>?@[\\\]^`{|}\x7f]/;
const punycodeDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

// Section 6.1 of RFC 3492 (Punycode).
function adaptedBias(delta, points, isFirst) {
  delta = isFirst ? Math.floor(delta / 700) : delta >> 1;
  delta += Math.floor(delta / points);
  let k = 0;
  for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
  return k + Math.floor(36 * delta / (delta + 38));
}

function variableLength(delta, bias) {
  let digits = '';
  for (let k = 36; ; k += 36) {
    const threshold = Math.min(26, Math.max(1, k - bias));
    if (delta < threshold) return digits + punycodeDigits[delta];
    digits += punycodeDigits[threshold + (delta - threshold) % (36 - threshold)];
    delta = Math.floor((delta - threshold) / (36 - threshold));
  }
}

// Section 6.3: the plain characters of a label, then where the others go.
function punycode(label) {
  const points = Array.from(label, (c) => c.codePointAt(0));
  const plain = points.filter((point) => point < 128);
  let text = String.fromCharCode(...plain) + (plain.length > 0 ? '-' : '');
  let handled = plain.length;
  let bias = 72;
  let next = 128;
  let delta = 0;
  while (handled < points.length) {
    const smallest = Math.min(...points.filter((point) => point >= next));
    delta += (smallest - next) * (handled + 1);
    next = smallest;
    for (const point of points) {
      if (point < next) delta++;
      if (point !== next) continue;
      text += variableLength(delta, bias);
      bias = adaptedBias(delta, handled + 1, handled === plain.length);
      delta = 0;
      handled++;
    }
    delta++;
    next++;
  }
  return text;
}

function asciiName(name) {
  return name.normalize('NFKC').toLowerCase().replace(/[\u3002\uff0e\uff61]/g, '.')
    .replace(/\u00ad/g, '').split('.')
    .map((label) => (/[^\x00-\x7f]/.test(label) ? 'xn--' + punycode(label) : label)).join('.');
}

// A part of an IPv4 address: decimal, octal (0...) or hexadecimal (0x...); NaN if it is none of them.
function ipv4Part(text) {
  if (/^0x[0-9a-f]*$/i.test(text)) return text.length === 2 ? 0 : parseInt(text, 16);
  if (/^0[0-7]+$/.test(text)) return parseInt(text, 8);
  return /^(0|[1-9][0-9]*)$/.test(text) ? parseInt(text, 10) : NaN;
}

function ipv4(name) {
  const parts = name.split('.');
  if (parts.length > 1 && parts[parts.length - 1] === '') parts.pop();
  const numbers = parts.map(ipv4Part);
  const last = numbers.pop();
  const isInvalid = numbers.length > 3 || numbers.some((n) => !(n <= 255)) ||
    !(last < 256 ** (4 - numbers.length));
  if (isInvalid) return null;
  const value = numbers.reduce((sum, n, i) => sum + n * 256 ** (3 - i), last);
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function endsInNumber(name) {
  const labels = name.split('.');
  if (labels[labels.length - 1] === '' && labels.length > 1) labels.pop();
  return /^([0-9]+|0x[0-9a-f]*)$/i.test(labels[labels.length - 1]);
}

// The 16-bit pieces of one side of "::"; null if malformed.
function ipv6Pieces(text) {
  if (text === '') return [];
  const pieces = [];
  const words = text.split(':');
  for (const [i, word] of words.entries()) {
    const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(word);
    if (dotted !== null && i === words.length - 1) {
      if (dotted.slice(1).some((part) => part > 255 || /^0./.test(part))) return null;
      const [, a, b, c, d] = dotted.map(Number);
      pieces.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(word)) {
      pieces.push(parseInt(word, 16));
    } else {
      return null;
    }
  }
  return pieces;
}

// The longest run of two or more zeros, the first of equals.
function longestZeros(pieces) {
  let best = { start: -1, length: 1 };
  for (let i = 0; i < pieces.length; i++) {
    let length = 0;
    while (pieces[i + length] === 0) length++;
    if (length > best.length) best = { start: i, length };
  }
  return best;
}

function ipv6Text(pieces) {
  const zeros = longestZeros(pieces);
  const hex = (list) => list.map((piece) => piece.toString(16)).join(':');
  if (zeros.start < 0) return '[' + hex(pieces) + ']';
  return '[' + hex(pieces.slice(0, zeros.start)) + '::' +
    hex(pieces.slice(zeros.start + zeros.length)) + ']';
}

function ipv6(text) {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const [left, right] = [ipv6Pieces(sides[0]), ipv6Pieces(sides[1] || '')];
  if (left === null || right === null) return null;
  // An IPv4 address ends an address, so it cannot stand on the left of "::".
  if (sides.length === 2 && sides[0].includes('.')) return null;
  const missing = 8 - left.length - right.length;
  if (sides.length === 1 ? missing !== 0 : missing < 1) return null;
  return ipv6Text([...left, ...new Array(missing).fill(0), ...right]);
}

// The host as it is written in a URL; null if it is invalid.
function specialHost(text) {
  if (text.startsWith('[')) return text.endsWith(']') ? ipv6(text.slice(1, -1)) : null;
  const name = asciiName(percent.decoded(text));
  if (name === '' || forbidden.test(name)) return null;
  return endsInNumber(name) ? ipv4(name) : name;
}

exports.specialHost = specialHost;

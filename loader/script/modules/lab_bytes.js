'use strict';
// Bytes as k6's Go side takes them: a string (UTF-8), an ArrayBuffer or a Uint8Array, nothing else.

const { GoError } = require('lab:errors');
const { goType } = require('lab:go');

const hexDigits = '0123456789abcdef';

// The value itself if it is bytes to k6; else throws what k6 throws.
function bytesOf(value) {
  if (typeof value === 'string') return value;
  if (value instanceof ArrayBuffer || value instanceof Uint8Array ||
      value instanceof Uint8ClampedArray) {
    return value;
  }
  if (typeof value === 'symbol') return value.description || '';
  throw new GoError('invalid type ' + goType(value) +
    ', expected string, []byte or ArrayBuffer');
}

// A view of the same memory.
function viewOf(buffer) {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

// A copy that later writes to the original do not reach.
function copied(bytes) {
  return typeof bytes === 'string' ? bytes : viewOf(bytes).slice().buffer;
}

function joined(native, parts) {
  if (parts.length === 1) return parts[0];
  const views = parts.map((part) =>
    new Uint8Array(typeof part === 'string' ? native.utf8Encode(part) : part));
  const all = new Uint8Array(views.reduce((sum, view) => sum + view.length, 0));
  let at = 0;
  for (const view of views) {
    all.set(view, at);
    at += view.length;
  }
  return all.buffer;
}

function hexOf(native, bytes) {
  const view = viewOf(typeof bytes === 'string' ? native.utf8Encode(bytes) : bytes);
  let text = '';
  for (let i = 0; i < view.length; i++) text += hexDigits[view[i] >> 4] + hexDigits[view[i] & 15];
  return text;
}

exports.bytesOf = bytesOf;
exports.viewOf = viewOf;
exports.copied = copied;
exports.joined = (parts) => joined(native, parts);
exports.hexOf = (bytes) => hexOf(native, bytes);

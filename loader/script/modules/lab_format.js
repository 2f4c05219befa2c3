'use strict';
// What console.log() writes of its arguments, as k6 does since v1.5: { a: "x", b: [ 1, null ], f:
// [object Function] }.

const { ErrorValue } = require('lab:errors');

const functionText = '[object Function]';

function isBinary(value) {
  return (
    value instanceof ArrayBuffer || (ArrayBuffer.isView(value) && !(value instanceof DataView))
  );
}

function bufferText(buffer) {
  const digits = [];
  for (const byte of new Uint8Array(buffer))
    digits.push(byte < 16 ? '0' + byte.toString(16) : byte.toString(16));
  return `ArrayBuffer { [Uint8Contents]: <${digits.join(' ')}>, byteLength: ${buffer.byteLength} }`;
}

// k6 takes a clamped array for the plain one.
function typedArrayName(array) {
  return array instanceof Uint8ClampedArray
    ? 'Uint8Array'
    : Object.prototype.toString.call(array).slice(8, -1);
}

function binaryText(value) {
  if (value instanceof ArrayBuffer) return bufferText(value);
  const head = `${typedArrayName(value)}(${value.length})`;
  return value.length === 0
    ? head + ' []'
    : `${head} [ ${Array.prototype.join.call(value, ', ')} ]`;
}

function arrayText(array, above) {
  if (array.length === 0) return '[]';
  let text = '[ ';
  for (let i = 0; i < array.length; i++) {
    if (i > 0) text += ', ';
    text += nestedText(array[i], above);
  }
  return text + ' ]';
}

function dateText(date) {
  const text = Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  return text === undefined ? '{}' : `"${text}"`;
}

function plainText(object, above) {
  const keys = Object.keys(object);
  if (keys.length === 0) return object instanceof Date ? dateText(object) : '{}';
  let text = '{ ';
  for (let i = 0; i < keys.length; i++) {
    if (i > 0) text += ', ';
    text += keys[i] + ': ' + nestedText(object[keys[i]], above);
  }
  return text + ' }';
}

// `above` holds the objects that this one stands in: one of them again is a cycle.
function objectText(object, above) {
  if (above.includes(object)) return '[Circular]';
  if (object instanceof Error) return String(object);
  if (isBinary(object)) return binaryText(object);
  above.push(object);
  const text = Array.isArray(object) ? arrayText(object, above) : plainText(object, above);
  above.pop();
  return text;
}

// A symbol is its description.
function primitiveText(value) {
  return typeof value === 'symbol' ? value.description || '' : String(value);
}

function nestedText(value, above) {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'function') return functionText;
  if (typeof value === 'object') return objectText(value, above);
  return typeof value === 'string' ? `"${value}"` : primitiveText(value);
}

function formatValue(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return functionText;
  if (value instanceof ErrorValue) return String(value);
  if (typeof value !== 'object' || value === null) return primitiveText(value);
  return objectText(value, []);
}

exports.formatValue = formatValue;

'use strict';
// How Go writes values and types, as far as k6's texts show it: %v, %#v and %T of what a script's
// value becomes in Go.

const { FileData } = require('lab:http_file');
const { HttpUrl } = require('lab:http_url');
const { CookieJar } = require('lab:http_jar');

// k6's engine has whole numbers up to 2^53, that one included, as int64.
function isInt64(number) {
  return Number.isInteger(number) && Math.abs(number) <= 2 ** 53 && !Object.is(number, -0);
}

function objectType(value) {
  if (Array.isArray(value) || value instanceof Set) return '[]interface {}';
  if (value instanceof ArrayBuffer) return 'sobek.ArrayBuffer';
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name.toLowerCase();
    if (name === 'dataview') return 'map[string]interface {}';
    return '[]' + name.replace('clamped', '').replace('big', '').replace('array', '');
  }
  if (value instanceof Date) return 'time.Time';
  if (value instanceof Map) return '[][2]interface {}';
  if (value instanceof Promise) return '*sobek.Promise';
  if (value instanceof FileData) return '*http.FileData';
  if (value instanceof HttpUrl) return 'httpext.URL';
  if (value instanceof CookieJar) return '*http.CookieJar';
  return 'map[string]interface {}';
}

/// %T
function goType(value) {
  switch (typeof value) {
    case 'undefined': return '<nil>';
    case 'string': return 'string';
    case 'boolean': return 'bool';
    case 'number': return isInt64(value) ? 'int64' : 'float64';
    case 'bigint': return '*big.Int';
    case 'symbol': return '*sobek.Symbol';
    case 'function': return 'func(sobek.FunctionCall) sobek.Value';
    default: return value === null ? '<nil>' : objectType(value);
  }
}

// As many digits as it takes, and an exponent, of at least two digits, below 1e-4 and from 1e6 on.
function goFloat(number) {
  if (Number.isNaN(number)) return 'NaN';
  if (number === Infinity) return '+Inf';
  if (number === -Infinity) return '-Inf';
  if (Object.is(number, -0)) return '-0';
  const size = Math.abs(number);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return String(number);
  return number.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

function goFormatObject(value) {
  if (Array.isArray(value)) return '[' + value.map(goFormat).join(' ') + ']';
  if (value instanceof Map || value instanceof Set) return goFormat(Array.from(value));
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace(/\.?0*Z$/, ' +0000 UTC');
  if (ArrayBuffer.isView(value)) return '[' + Array.prototype.join.call(value, ' ') + ']';
  if (value instanceof ArrayBuffer) return goFormat(new Uint8Array(value));
  const pairs = Object.keys(value).sort().map((key) => key + ':' + goFormat(value[key]));
  return 'map[' + pairs.join(' ') + ']';
}

/// %v
function goFormat(value) {
  switch (typeof value) {
    case 'string': return value;
    case 'number': return isInt64(value) ? String(value) : goFloat(value);
    case 'object': return value === null ? '<nil>' : goFormatObject(value);
    case 'undefined': return '<nil>';
    default: return String(value);
  }
}

/// %#v
function goSyntax(value) {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return goFormat(value);
  const type = goType(value);
  if (Array.isArray(value)) return type + '{' + value.map(goSyntax).join(', ') + '}';
  const pairs = Object.keys(value).sort()
    .map((key) => JSON.stringify(key) + ':' + goSyntax(value[key]));
  return type + '{' + pairs.join(', ') + '}';
}

exports.goType = goType;
exports.goFormat = goFormat;
exports.goSyntax = goSyntax;

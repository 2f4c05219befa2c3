'use strict';
// What setup() returns, as the JSON text that Go's json.Marshal makes of what k6's engine exports.
// It is not JSON.stringify: see k6's "setup data" for undefined, dates, buffers, maps, sets,
// symbols, functions and NaN.

const { ErrorValue } = require('lab:errors');
const { Response } = require('lab:http_response');

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function stringJson(text) {
  return JSON.stringify(text.replace(loneSurrogate, '\ufffd'));
}

function numberJson(number) {
  if (Object.is(number, -0)) return '-0';
  if (Number.isFinite(number)) return String(number);
  const name = Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
  throw new ErrorValue(`json: unsupported value: ${name}`);
}

// The shortest decimal number that is this one when it is rounded to 32 bits.
function float32Json(number) {
  for (let digits = 1; digits < 9 && Number.isFinite(number); digits++) {
    const shorter = Number(number.toPrecision(digits));
    if (Math.fround(shorter) === number) return numberJson(shorter);
  }
  return numberJson(number);
}

function padded(number, width) {
  return String(number).padStart(width, '0');
}

function zoneText(date) {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}:${padded(size % 60, 2)}`;
}

// RFC 3339 in local time, without a fraction that is 0.
function dateJson(date) {
  const year = date.getFullYear();
  if (Number.isNaN(year)) return 'null';
  if (year < 0 || year > 9999) {
    const reason = 'Time.MarshalJSON: year outside of range [0,9999]';
    throw new ErrorValue(`json: error calling MarshalJSON for type time.Time: ${reason}`);
  }
  const day = `${padded(year, 4)}-${padded(date.getMonth() + 1, 2)}-${padded(date.getDate(), 2)}`;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const fraction = ('.' + padded(date.getMilliseconds(), 3)).replace(/\.?0+$/, '');
  return `"${day}T${time.map((part) => padded(part, 2)).join(':')}${fraction}${zoneText(date)}"`;
}

// Go takes a slice of bytes for binary data, which is null if there are none, and other typed
// arrays for lists of numbers.
function viewJson(view) {
  if (view instanceof DataView) return '{}';
  if (view instanceof Uint8Array || view instanceof Uint8ClampedArray) {
    return view.length === 0 ? 'null' : `"${native.base64Encode(view, 0)}"`;
  }
  const item =
    view instanceof Float32Array ? float32Json : typeof view[0] === 'bigint' ? String : numberJson;
  const items = [];
  for (let i = 0; i < view.length; i++) items.push(item(view[i]));
  return `[${items.join(',')}]`;
}

function listJson(list, above) {
  const items = [];
  for (let i = 0; i < list.length; i++) items.push(valueJson(list[i], above));
  return `[${items.join(',')}]`;
}

function membersJson(object, above) {
  const members = [];
  // To Go a response has methods, which are no members.
  const isResponse = object instanceof Response;
  for (const key of Object.keys(object)) {
    if (isResponse && typeof object[key] === 'function') continue;
    members.push(`${stringJson(key)}:${valueJson(object[key], above)}`);
  }
  return `{${members.join(',')}}`;
}

function containerJson(object, above) {
  if (object instanceof Map || object instanceof Set) return listJson(Array.from(object), above);
  return Array.isArray(object) ? listJson(object, above) : membersJson(object, above);
}

function objectJson(object, above) {
  if (object instanceof Date) return dateJson(object);
  if (ArrayBuffer.isView(object)) return viewJson(object);
  if (object instanceof Number || object instanceof Boolean)
    return valueJson(object.valueOf(), above);
  if (object instanceof String) return '{}';
  if (above.includes(object)) {
    const type = Array.isArray(object) ? '[]interface {}' : 'map[string]interface {}';
    throw new ErrorValue(`json: unsupported value: encountered a cycle via ${type}`);
  }
  above.push(object);
  const text = containerJson(object, above);
  above.pop();
  return text;
}

// What Go says a function is.
function functionType(value) {
  const isClass = Function.prototype.toString.call(value).startsWith('class');
  return isClass
    ? 'func(sobek.ConstructorCall) *sobek.Object'
    : 'func(sobek.FunctionCall) sobek.Value';
}

function valueJson(value, above) {
  switch (typeof value) {
    case 'string':
      return stringJson(value);
    case 'number':
      return numberJson(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'symbol':
      return stringJson(value.description || '');
    case 'function':
      throw new ErrorValue(`json: unsupported type: ${functionType(value)}`);
    default:
      return value === null || value === undefined ? 'null' : objectJson(value, above);
  }
}

// What is thrown is Go's text; the host says what was to be marshaled. undefined for undefined: then
// exec functions and teardown get undefined, not null.
function goJson(value) {
  return value === undefined ? undefined : valueJson(value, []);
}

exports.goJson = goJson;
native.registry.goJson = goJson;

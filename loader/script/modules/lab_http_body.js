'use strict';
// A request's body: text, bytes, a form or a multipart form.

const { hexOf, joined } = require('lab:bytes');
const { goType, goFormat } = require('lab:go');
const { goString } = require('lab:go_string');
const { FileData } = require('lab:http_file');
const { Problem } = require('lab:http_problem');
const { GoError } = require('lab:errors');

function wellFormed(text) {
  // Lone surrogates become what Go makes of them; encodeURIComponent would throw.
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/g,
    (pair) => (pair.length === 2 ? pair[0] : '') + '\ufffd');
}

// Go's url.QueryEscape.
function queryEscape(text) {
  return encodeURIComponent(wellFormed(text))
    .replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())
    .replace(/%20/g, '+');
}

function isNested(value) {
  if (typeof value !== 'object' || value === null) return false;
  const type = goType(value);
  return type === 'map[string]interface {}' || type === '[]interface {}';
}

function formValue(value) {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (isNested(value)) {
    native.log(2, `cannot urlencode a nested ${goType(value)} value in a request form body; ` +
      'encoding it as an empty value, use JSON.stringify() to send structured data', '');
    return '';
  }
  return goFormat(value);
}

function formBody(form, keys) {
  let text = '';
  for (const key of keys.sort()) {
    const name = queryEscape(key) + '=';
    const values = Array.isArray(form[key]) ? form[key] : [form[key]];
    for (const value of values) {
      text += (text === '' ? '' : '&') + name + queryEscape(formValue(value));
    }
  }
  return text;
}

const escapeQuotes = (text) => text.replace(/[\\"]/g, '\\$&');

function partHead(name, value) {
  if (!(value instanceof FileData)) {
    return `Content-Disposition: form-data; name="${escapeQuotes(name)}"\r\n\r\n`;
  }
  return `Content-Disposition: form-data; name="${name}"; ` +
    `filename="${escapeQuotes(value.filename)}"\r\nContent-Type: ${value.content_type}\r\n\r\n`;
}

function multipartBody(form, keys, boundary) {
  const pieces = [];
  keys.forEach((key, index) => {
    const value = form[key];
    pieces.push((index === 0 ? '--' : '\r\n--') + boundary + '\r\n' + partHead(key, value));
    pieces.push(value instanceof FileData ? value.data : formValue(value));
  });
  pieces.push(`\r\n--${boundary}--\r\n`);
  return pieces.every((piece) => typeof piece === 'string') ? pieces.join('')
    : new Uint8Array(joined(pieces));
}

function setForm(request, form) {
  const keys = Object.keys(form);
  if (!keys.some((key) => form[key] instanceof FileData)) {
    request.body = formBody(form, keys);
    request.contentType = 'application/x-www-form-urlencoded';
    return;
  }
  const boundary = hexOf(native.randomBytes(30));
  request.body = multipartBody(form, keys, boundary);
  request.contentType = 'multipart/form-data; boundary=' + boundary;
}

// So many V8 keeps in the object itself.
const kSmall = 64;
let last = new Uint8Array(0);

// Bytes that the script can't change: response.request shows them as they were sent. Most scripts
// send the same ones again and again, and a copy for each request would wait for V8 to collect it,
// many megabytes for each virtual user.
function kept(bytes) {
  if (bytes.byteLength <= kSmall) return new Uint8Array(bytes);
  if (!native.equalBytes(last, bytes)) last = new Uint8Array(bytes);
  return last;
}

/// Sets the request's body and, for a form, its content type.
function setBody(request, body) {
  if (typeof body === 'string') {
    request.body = body;
  } else if (body === null || body === undefined) {
    return;
  } else if (body instanceof ArrayBuffer) {
    request.body = kept(new Uint8Array(body));
  } else if (body instanceof Uint8Array || body instanceof Uint8ClampedArray) {
    request.body = kept(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  } else if (body instanceof String) {
    request.body = String(body);
  } else {
    const type = goType(body);
    if (type !== 'map[string]interface {}') {
      throw new Problem('unknown request body type ' + type, 0);
    }
    setForm(request, body);
  }
}

/// http.file(data, filename, contentType)
function file(data, filename, contentType) {
  if (typeof data !== 'string' && !(data instanceof ArrayBuffer)) {
    throw new GoError(`invalid type ${goType(data)}, expected string or ArrayBuffer`);
  }
  // By default the time in nanoseconds, as in k6.
  return new FileData(data, arguments.length > 1 ? goString(filename) : Date.now() + '000000',
    arguments.length > 2 ? goString(contentType) : 'application/octet-stream');
}

exports.setBody = setBody;
exports.file = file;

'use strict';
// formdata of k6's library site: a multipart/form-data body.

const { viewOf, joined } = require('lab:bytes');

function escaped(text) {
  return String(text).replace(/\r\n|\r|\n/g, '%0D%0A').replace(/"/g, '%22');
}

// A file is what http.file() returns, or an object of the same shape.
function isFile(value) {
  return value !== null && typeof value === 'object' && 'data' in value;
}

function isBytes(value) {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

// What a part holds and says of itself. As in the library, text says that it is text. Numbers and
// booleans are text, too, as in every other FormData; the library sends nothing for them.
function partOf(name, value, filename) {
  const file = isFile(value) ? value : null;
  const data = file === null ? value : file.data;
  return { name, data: isBytes(data) ? viewOf(data)
    : Array.isArray(data) ? Uint8Array.from(data) : String(data),
    filename: filename === undefined && file !== null ? file.filename : filename,
    contentType: (file !== null && file.content_type) ||
      (file === null && !isBytes(data) ? 'text/plain' : 'application/octet-stream') };
}

// Unlike a class it may be called without "new".
function FormData() {
  if (new.target === undefined) return new FormData();
  this.boundary = '------RWWorkerFormDataBoundary' + Math.random().toString(36);
  this.parts = [];
}

FormData.prototype.append = function (name, value, filename) {
  if (arguments.length < 2) throw new SyntaxError('Not enough arguments');
  this.parts.push(partOf(name, value, filename));
};

// The whole body as an ArrayBuffer.
FormData.prototype.body = function () {
  const pieces = [];
  for (const part of this.parts) {
    let head = '--' + this.boundary + '\r\nContent-Disposition: form-data; name="' +
      escaped(part.name) + '"';
    if (part.filename) head += '; filename="' + escaped(part.filename) + '"';
    pieces.push(head + '\r\nContent-Type: ' + part.contentType + '\r\n\r\n', part.data, '\r\n');
  }
  pieces.push('--' + this.boundary + '--\r\n');
  const body = joined(pieces);
  return typeof body === 'string' ? native.utf8Encode(body) : body;
};

exports.FormData = FormData;

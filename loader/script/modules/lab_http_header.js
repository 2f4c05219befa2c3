'use strict';
// Header names in Go's canonical case, and blocks of header fields: "Name: value\r\n" a field.

const kTokenMarks = "!#$%&'*+-.^_`|~";
// Names come from servers too, which must not make the cache grow without bound.
const kNamesMax = 1000;
const canonicalNames = Object.create(null);
let nameCount = 0;

// Go leaves what is no token as it is. Without a regular expression: each virtual user would compile it.
function inCanonicalCase(name) {
  let canonical = '';
  let isFirst = true;
  for (let i = 0; i < name.length; i++) {
    const c = name[i];
    const isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!isLetter && !(c >= '0' && c <= '9') && !kTokenMarks.includes(c)) return name;
    canonical += isFirst ? c.toUpperCase() : c.toLowerCase();
    isFirst = c === '-';
  }
  return canonical;
}

function learnName(name) {
  const canonical = inCanonicalCase(name);
  if (nameCount < kNamesMax) {
    canonicalNames[name] = canonical;
    nameCount += 1;
  }
  return canonical;
}

/// "content-type" -> "Content-Type".
function canonicalName(name) {
  const known = canonicalNames[name];
  return known !== undefined ? known : learnName(name);
}

// Known before any script runs: what most requests and answers have.
for (const name of ['Accept', 'Authorization', 'Connection', 'Content-Length', 'Content-Type', 'Date',
  'Server', 'Transfer-Encoding', 'X-Request-Id', 'X-Request-ID', 'content-type']) {
  learnName(name);
}

/// Calls `take(target, name, value)` for each field of `block`, with canonical names.
function eachField(block, target, take) {
  const fields = native.headerFields(block);
  for (let i = 0; i < fields.length; i += 2) {
    take(target, canonicalName(fields[i]), fields[i + 1]);
  }
}

function takeJoined(headers, name, value) {
  // Go's client keeps these to itself.
  if (name === 'Transfer-Encoding' || name === 'Trailer') return;
  const before = headers[name];
  headers[name] = before === undefined ? value : before + ', ' + value;
}

/// Adds the fields of `block` to `headers`; those of one name are joined by ", ".
function fillHeaders(headers, block) {
  eachField(block, headers, takeJoined);
}

exports.canonicalName = canonicalName;
exports.eachField = eachField;
exports.fillHeaders = fillHeaders;

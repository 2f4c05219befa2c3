'use strict';
// Header names in Go's canonical case, and blocks of header fields: "Name: value\n" a field.

const kToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Names come from servers too, which must not make the cache grow without bound.
const kNamesMax = 1000;
const canonicalNames = Object.create(null);
let nameCount = 0;

function learnName(name) {
  let canonical = name;
  // Go leaves what is no token as it is.
  if (kToken.test(name)) {
    canonical = name.toLowerCase().replace(/(^|-)[a-z]/g, (text) => text.toUpperCase());
  }
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

/// Calls `take(target, name, value)` for each field of `block`, with canonical names.
function eachField(block, target, take) {
  let begin = 0;
  while (begin < block.length) {
    let end = block.indexOf('\n', begin);
    if (end === -1) end = block.length;
    const colon = block.indexOf(':', begin);
    if (colon !== -1 && colon < end) {
      const name = canonicalName(block.slice(begin, colon));
      take(target, name, block.slice(colon + 1, end).trim());
    }
    begin = end + 1;
  }
}

function takeJoined(headers, name, value) {
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

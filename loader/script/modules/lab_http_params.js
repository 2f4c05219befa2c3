'use strict';
// The params object of a request: what each key means, read into the request.

const { goType } = require('lab:go');
const { canonicalName } = require('lab:http_header');
const { sentValue } = require('lab:http_cookie');
const { CookieJar } = require('lab:http_jar');
const { Problem } = require('lab:http_problem');
const { rangesOf } = require('lab:http_status');
const { refusedTag, tagText } = require('lab:tags');
const { parseExtendedDuration } = require('lab:duration');

const kCompressions = ['gzip', 'deflate', 'zstd', 'br'];
const kResponseTypes = { text: 0, binary: 1, none: 2 };

/// Sets a header as Go's Header.Set: of two spellings of one name the later wins.
function setHeader(headers, name, value) {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === name) {
      headers[i + 1] = value;
      return;
    }
  }
  headers.push(name, value);
}

function readHeaders(request, headers) {
  const fields = request.headers;
  for (const key in headers) {
    const name = canonicalName(key);
    const given = headers[key];
    const value = typeof given === 'string' ? given : String(given);
    if (name === 'Content-Length') {
      request.contentLength = value;
    } else if (name !== 'Transfer-Encoding' && name !== 'Trailer') {
      // Those are Go's own, and dropped without a word.
      setHeader(fields, name, value);
    }
  }
}

/// Flat [key, value, ...]. Throws a Problem that begins with `where`.
function readTags(tags, where) {
  const flat = [];
  for (const key in tags) {
    const text = tagText(tags[key]);
    if (text === undefined) throw new Problem(`${where}: ${refusedTag(key)}`, 0);
    flat.push(key, text);
  }
  return flat;
}

function readCookies(request, cookies) {
  const flat = [];
  for (const name of Object.keys(cookies)) {
    const cookie = cookies[name];
    if (cookie === null || cookie === undefined) continue;
    if (goType(cookie) !== 'map[string]interface {}') {
      flat.push(name, sentValue(cookie), 0);
      continue;
    }
    let value = '';
    let replace = 0;
    for (const key of Object.keys(cookie)) {
      const attribute = key.toLowerCase();
      if (attribute === 'replace') replace = cookie[key] ? 1 : 0;
      if (attribute === 'value') value = String(cookie[key]);
    }
    flat.push(name, sentValue(value), replace);
  }
  request.cookies = flat;
}

function readCompression(request, value) {
  const text = String(value).trim();
  if (text === '') return;
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!kCompressions.includes(name)) {
      throw new Problem(`unknown compression algorithm ${name}, supported algorithms are ` +
        `[${kCompressions.join(' ')}]`, 0);
    }
  }
  request.compression = names.join(', ');
}

// Scripts use one text, or few, over and over.
const lastTimeout = { text: '', milliseconds: 0 };

function readTimeout(value) {
  if (typeof value === 'number') return value;
  if (value === lastTimeout.text && value !== '') return lastTimeout.milliseconds;
  if (typeof value !== 'string') {
    throw new Problem('invalid timeout value: unable to use type ' + goType(value) +
      ' as a duration value', 0);
  }
  try {
    lastTimeout.milliseconds = parseExtendedDuration(value);
  } catch (text) {
    throw new Problem('invalid timeout value: ' + text, 0);
  }
  lastTimeout.text = value;
  return lastTimeout.milliseconds;
}

function readResponseType(value) {
  const type = String(value);
  if (!Object.prototype.hasOwnProperty.call(kResponseTypes, type)) {
    throw new Problem(type + ' does not belong to ResponseType values', 0);
  }
  return kResponseTypes[type];
}

function readResponseCallback(value) {
  if (value === null || value === undefined) return null;
  const ranges = rangesOf(value);
  if (ranges === null) throw new Problem('unsupported responseCallback', 0);
  return ranges;
}

const isNullish = (value) => value === null || value === undefined;

/// Unknown keys count for nothing, as in k6. Throws a Problem.
function readParams(request, params) {
  for (const key in params) {
    const value = params[key];
    switch (key) {
      case 'headers':
        if (!isNullish(value)) readHeaders(request, value);
        break;
      case 'tags':
        if (!isNullish(value)) {
          request.tags = readTags(value, 'invalid HTTP request metric tags');
        }
        break;
      case 'timeout': request.timeout = readTimeout(value); break;
      case 'responseType': request.responseType = readResponseType(value); break;
      case 'responseCallback': request.expected = readResponseCallback(value); break;
      case 'redirects': request.redirects = Math.max(0, Math.trunc(Number(value)) || 0); break;
      case 'throw': request.throws = Boolean(value); break;
      case 'auth': request.auth = String(value); break;
      case 'compression': readCompression(request, value); break;
      case 'jar':
        if (value instanceof CookieJar) request.jar = CookieJar.idOf(value);
        break;
      case 'cookies':
        if (!isNullish(value)) readCookies(request, value);
        break;
      default: break;
    }
  }
}

exports.readParams = readParams;
exports.readTags = readTags;
exports.setHeader = setHeader;

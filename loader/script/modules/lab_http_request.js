'use strict';
// A request as a script asks for it, and the form in which the host takes it.

const { GoError } = require('lab:errors');
const { Problem } = require('lab:http_problem');
const { HttpUrl, isPlainUrl, examineUrl, kInvalidUrl } = require('lab:http_url');
const { goFormat } = require('lab:go');
const { readParams } = require('lab:http_params');
const { rule } = require('lab:http_status');
const { setBody } = require('lab:http_body');

const kTimeout = 60000;

class Request {
  constructor(method) {
    this.method = method;
    this.url = '';  // As sent: without user info.
    this.name = '';
    this.tag = null;    // Its URL with hidden user info, if it isn't plain.
    this.shown = null;  // As k6's response shows the URL, if otherwise than `url`.
    this.tags = null;
    this.headers = [];
    this.contentType = null;
    this.contentLength = null;
    this.body = null;
    this.timeout = kTimeout;
    this.redirects = -1;
    this.responseType = native.options.discardResponseBodies ? 2 : 0;
    this.expected = rule.expected;
    this.jar = 0;
    this.cookies = null;
    this.compression = '';
    this.auth = '';
    this.user = null;
    this.password = null;
    this.authorization = null;  // By user info; k6's response does not show it.
    this.throws = native.options.throw;
  }

  /// Calls `take` with what native.request takes: the header fields are the last arguments.
  give(take, expected, fields) {
    return take(this.method, this.url, this.name, this.body, this.timeout, this.redirects,
      this.responseType, expected, this.jar, this.cookies, this.compression, this.tags, ...fields);
  }

  /// Its header fields, and one more unless that is null.
  fields(name, value) {
    return value === null ? this.headers : this.headers.concat([name, value]);
  }
}

function setOddUrl(request, text) {
  const url = examineUrl(text);
  request.url = url.url;
  request.name = url.tag;
  request.tag = url.tag;
  if (url.shown !== url.url) request.shown = url.shown;
  request.user = url.user;
  request.password = url.password;
}

// Scripts ask one URL, or few, over and over.
let lastPlainUrl = null;

function setUrl(request, url) {
  if (typeof url === 'string') {
    if (url === lastPlainUrl || isPlainUrl(url)) {
      lastPlainUrl = url;
      request.url = url;
      request.name = url;
    } else {
      setOddUrl(request, url);
    }
  } else if (url instanceof HttpUrl) {
    setUrl(request, url.url);
    if (url.name !== url.clean_url) request.name = url.name;
  } else {
    throw new Problem(`invalid URL: '#${goFormat(url)}'`, kInvalidUrl);
  }
}

function hasHeader(headers, name) {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === name) return true;
  }
  return false;
}

function setAuthorization(request) {
  if (request.auth === 'digest') {
    // Go's client takes the user info off, and so it is in no tag.
    if (request.name === request.tag) request.name = request.url;
    return;
  }
  if (hasHeader(request.headers, 'Authorization')) return;
  const password = request.password === null ? '' : request.password;
  const pair = native.base64Encode(`${request.user}:${password}`, 0);
  request.authorization = 'Basic ' + pair;
}

// The body itself says how long it is.
function checkContentLength(request) {
  const { body, contentLength } = request;
  let size = 0;
  if (body !== null) {
    size = typeof body === 'string' ? native.utf8Encode(body).byteLength : body.byteLength;
  }
  if (!/^[+-]?\d+$/.test(contentLength) || Number(contentLength) !== size) {
    native.log(2, `The specified Content-Length header ${JSON.stringify(contentLength)} in the ` +
      `${request.method} request for ${request.url} doesn't match the actual request body length ` +
      `of ${size}, so it will be ignored!`, '');
  }
}

function checkContentEncoding(request) {
  if (request.body === null) {
    request.compression = '';
    return;
  }
  const { headers } = request;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === 'Content-Encoding' && headers[i + 1] !== '' &&
        headers[i + 1] !== request.compression) {
      native.log(2, "There's a mismatch between the desired `compression` the manually set " +
        `\`Content-Encoding\` header in the ${request.method} request for '${request.url}', the ` +
        "custom header has precedence and won't be overwritten. This may result in invalid data " +
        'being sent to the server.', '');
    }
  }
}

/// Throws a Problem if it can't be sent, and a GoError for what this program can't do.
function prepare(method, url, body, params) {
  const request = new Request(method);
  setUrl(request, url);
  setBody(request, body);
  if (params !== null && params !== undefined) {
    readParams(request, params);
    if (request.tags !== null) {
      const at = request.tags.indexOf('name');
      if (at !== -1 && at % 2 === 0) request.name = request.tags[at + 1];
    }
    if (request.auth === 'ntlm') {
      throw new GoError('NTLM authentication (auth: "ntlm") is not built in; "digest" is, and ' +
        'basic authentication by user info in the URL');
    }
    if (request.contentLength !== null) checkContentLength(request);
    if (request.compression !== '') checkContentEncoding(request);
  }
  if (request.contentType !== null && !hasHeader(request.headers, 'Content-Type')) {
    request.headers.push('Content-Type', request.contentType);
  }
  if (request.user !== null) setAuthorization(request);
  return request;
}

exports.prepare = prepare;

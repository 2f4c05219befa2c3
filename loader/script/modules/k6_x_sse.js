'use strict';
// k6/x/sse, as the extension xk6-sse 0.1.9 has it, with these mends:
//  - A read error (reset, cut chunk, timeout) fires 'error' and then open() returns, with the error's
//    text as `error`. The extension fires 'error' and then waits for a close() that nobody makes:
//    the virtual user hangs until the run stops it.
//  - After client.close() no further event arrives. There, one that had been read already may.
//  - A malformed URL is an error like any other. There it is a nil pointer, and the process ends.
//  - Handlers run between reads of the virtual user itself: a client that is closed in 'open' never
//    reads.

const { GoError } = require('lab:errors');
const { CookieJar } = require('lab:http_jar');
const { Problem } = require('lab:http_problem');
const { failureText } = require('lab:http_failure');
const { fillHeaders, canonicalName } = require('lab:http_header');
const { examineUrl, isPlainUrl } = require('lab:http_url');
const { parseDuration } = require('lab:duration');
const { readTags, setHeader } = require('lab:http_params');
const { SseClient, readAll } = require('lab:sse_stream');

// The stream may last as long as it likes.
const kNoTimeout = Infinity;

let eventMetric = -1;

// k6 has the metric as soon as a script imports the module: thresholds may name it.
function declareMetric() {
  if (eventMetric === -1) eventMetric = native.declareMetric('sse_event', 0, false);
  return eventMetric;
}

class SseRequest {
  constructor(url) {
    this.url = url;
    this.method = 'GET';
    this.headers = ['Accept', 'text/event-stream', 'Accept-Encoding', 'gzip'];
    this.body = null;
    this.timeout = kNoTimeout;
    this.jar = 0;
    this.tags = [];
  }

  spec() {
    return [this.method, this.url, this.url, this.body, this.timeout, 10, 0, null, this.jar, null,
      '', this.tags.length === 0 ? null : this.tags, ...this.headers];
  }
}

function readTimeout(value) {
  if (value === null || value === undefined) return kNoTimeout;
  try {
    const timeout = parseDuration(String(value));
    return timeout > 0 ? timeout : kNoTimeout;
  } catch (text) {
    throw new GoError('invalid sse.open() timeout: ' + text);
  }
}

function readHeaders(request, headers) {
  if (headers === null || headers === undefined) return;
  for (const key of Object.keys(headers)) {
    setHeader(request.headers, canonicalName(key), String(headers[key]));
  }
}

function readParams(request, params) {
  for (const key of Object.keys(params)) {
    const value = params[key];
    switch (key) {
      case 'headers': readHeaders(request, value); break;
      case 'tags':
        if (value !== null && value !== undefined) {
          request.tags = readTags(value, 'invalid sse.open() metric tags');
        }
        break;
      case 'jar':
        if (value instanceof CookieJar) request.jar = CookieJar.idOf(value);
        break;
      case 'method': request.method = String(value).trim() || 'GET'; break;
      case 'body': request.body = String(value).trim() || null; break;
      case 'timeout': request.timeout = readTimeout(value); break;
      default: break;
    }
  }
}

function failed(text) {
  if (native.options.throw) throw new GoError(text);
  return { url: '', status: 0, headers: {}, error: text };
}

function responseOf(url, raw, error) {
  const headers = {};
  fillHeaders(headers, raw[6]);
  return { url, status: raw[0], headers, error };
}

function prepare(url, params) {
  const request = new SseRequest(url);
  if (params !== null && params !== undefined) readParams(request, params);
  return request;
}

function problemOf(url) {
  if (isPlainUrl(url)) return '';
  try {
    examineUrl(url);
    return '';
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return problem.text.replace(/^invalid URL: /, '');
  }
}

function prepared(url, params) {
  try {
    return prepare(url, params);
  } catch (problem) {
    throw problem instanceof Problem ? new GoError(problem.text) : problem;
  }
}

function open(url, ...rest) {
  if (native.phase === 0) {
    throw new GoError('using sse in the init context is not supported');
  }
  if (rest.length !== 1 && rest.length !== 2) {
    throw new GoError('invalid number of arguments to sse.open');
  }
  const setup = rest[rest.length - 1];
  if (typeof setup !== 'function') {
    throw new GoError('last argument to sse.open must be a function');
  }
  const request = prepared(String(url), rest.length === 2 ? rest[0] : undefined);
  const problem = problemOf(request.url);
  if (problem !== '') return failed(problem);
  const [raw, handle] = native.sseOpen(...request.spec());
  if (handle === 0) return failed(failureText(request, raw));
  const metric = declareMetric();
  const tags = request.tags.concat(['url', request.url, 'status', String(raw[0])]);
  const client = new SseClient();
  let error = '';
  try {
    setup(client);
    SseClient.fire(client, 'open');
    error = readAll(client, handle, () => native.addSample(metric, 1, tags));
  } finally {
    native.sseClose(handle);
  }
  return responseOf(request.url, raw, error);
}

exports.open = open;

// For the host: to be called when a script imports the module, in the init context.
if (native.registry.onImport === undefined) native.registry.onImport = {};
native.registry.onImport['k6/x/sse'] = declareMetric;

'use strict';
// k6's Response.

const { GoError } = require('lab:errors');
const { goString } = require('lab:go_string');
const { eachField, fillHeaders } = require('lab:http_header');
const { lazy } = require('lab:lazy');
const { parseCookieHeader, parseSetCookie } = require('lab:http_cookie');

function takeSetCookie(cookies, name, value) {
  if (name !== 'Set-Cookie') return;
  const cookie = parseSetCookie(value);
  if (cookie === null) return;
  if (!Object.prototype.hasOwnProperty.call(cookies, cookie.name)) cookies[cookie.name] = [];
  cookies[cookie.name].push(cookie);
}

function fillCookies(cookies, block) {
  eachField(block, cookies, takeSetCookie);
}

// The fields of a request that Go's client adds when it writes one, and k6 does not show.
const kHidden = { Host: true, 'Content-Length': true, 'Accept-Encoding': true, Authorization: true,
  'Content-Encoding': false, Connection: true, 'Transfer-Encoding': true };

function takeSent(sent, name, value) {
  if (kHidden[name] === true && !sent.request.headers.includes(name)) return;
  if (sent.headers[name] === undefined) sent.headers[name] = [];
  sent.headers[name].push(value);
}

function requestHeaders(request, block) {
  const sent = { request, headers: {} };
  eachField(block, sent, takeSent);
  if (block === '') {
    for (let i = 0; i < request.headers.length; i += 2) {
      sent.headers[request.headers[i]] = [request.headers[i + 1]];
    }
  }
  return sent.headers;
}

function requestCookies(headers) {
  const cookies = {};
  for (const field of headers.Cookie || []) {
    for (const [name, value] of parseCookieHeader(field)) {
      if (cookies[name] === undefined) cookies[name] = [];
      cookies[name].push({ name, value, replace: false });
    }
  }
  return cookies;
}

function bodyText(body) {
  if (body === null) return '';
  return typeof body === 'string' ? body : native.utf8Decode(body);
}

function fillRequest(shown, source) {
  const { request, block } = source;
  const headers = requestHeaders(request, block);
  shown.method = request.method;
  shown.url = request.shown === null ? request.url : request.shown;
  shown.headers = headers;
  shown.body = bodyText(request.body);
  shown.cookies = requestCookies(headers);
}

function fillTimings(timings, raw) {
  timings.duration = raw[10];
  timings.blocked = raw[11];
  timings.looking_up = raw[12];
  timings.connecting = raw[13];
  timings.tls_handshaking = raw[14];
  timings.sending = raw[15];
  timings.waiting = raw[16];
  timings.receiving = raw[17];
}

function fillOcsp(ocsp, raw) {
  ocsp.produced_at = 0;
  ocsp.this_update = 0;
  ocsp.next_update = 0;
  ocsp.revoked_at = 0;
  ocsp.revocation_reason = '';
  ocsp.status = raw[18] === '' ? '' : 'unknown';
}

class RequestSource {
  constructor(request, block) {
    this.request = request;
    this.block = block;
  }
}

function refuseHtml(name) {
  throw new GoError(`${name} needs an HTML parser, and none is built in: use json() or a regular ` +
    'expression on the body');
}

function clickLink() {
  return refuseHtml('clickLink()');
}

function html() {
  return refuseHtml('html()');
}

function json(selector) {
  return Response.json(this, arguments.length > 0 ? goString(selector) : undefined);
}

function submitForm() {
  return refuseHtml('submitForm()');
}

/// What json() has made of a body.
class Parsed {
  constructor() {
    this.json = null;
    this.tree = undefined;
    this.treeText = null;
  }
}

function parsedBody(body) {
  const text = bodyText(body);
  try {
    return JSON.parse(text);
  } catch (_) {
    throw new GoError(require('lab:json_error').bodyProblem(text));
  }
}

// Apart from json() without a selector: what a script does to that object, later selectors don't
// see.
function selected(parsed, body, selector) {
  if (parsed.treeText !== body) {
    try {
      parsed.tree = JSON.parse(bodyText(body));
    } catch (_) {
      return undefined;
    }
    parsed.treeText = body;
  }
  return require('lab:selector').select(parsed.tree, selector);
}

class Response {
  #parsed;

  constructor(request, raw) {
    this.remote_ip = raw[4];
    this.remote_port = raw[5];
    this.url = raw[3];
    this.status = raw[0];
    this.status_text = raw[1];
    this.proto = raw[2];
    this.headers = lazy(fillHeaders, raw[6]);
    this.cookies = lazy(fillCookies, raw[6]);
    this.body = raw[7];
    this.timings = lazy(fillTimings, raw);
    this.tls_version = raw[18];
    this.tls_cipher_suite = raw[19];
    this.ocsp = lazy(fillOcsp, raw);
    this.error = raw[8];
    this.error_code = raw[9];
    this.request = request === null ? null : lazy(fillRequest, new RequestSource(request, raw[20]));
    // To be seen by Object.keys, as in k6.
    this.clickLink = clickLink;
    this.html = html;
    this.json = json;
    this.submitForm = submitForm;
    this.#parsed = null;
  }

  /// `selector` undefined: all of it.
  static json(response, selector) {
    const { body } = response;
    if (body === null || body === undefined) {
      throw new GoError("the body is null so we can't transform it to JSON - this likely was " +
        'because of a request error getting the response');
    }
    if (response.#parsed === null) response.#parsed = new Parsed();
    const parsed = response.#parsed;
    if (selector !== undefined) return selected(parsed, body, selector);
    if (parsed.json === null) parsed.json = parsedBody(body);
    return parsed.json;
  }
}

/// The raw form of a request that was never sent: status 0 and, in place of a body, an empty list.
function unsent(error, code) {
  return [0, '', '', '', '', 0, '', [], error, code, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', 0];
}

exports.Response = Response;
exports.unsent = unsent;

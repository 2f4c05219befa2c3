'use strict';
// k6/http. Its parts are in lab_http_*.js.

const { goString } = require('lab:go_string');
const { send, sendAsync } = require('lab:http_send');
const { file } = require('lab:http_body');
const { urlTemplate } = require('lab:http_url');
const { NewCookieJar, vuCookieJar } = require('lab:http_jar');
const { expectedStatuses, setResponseCallback } = require('lab:http_status');

function warnOfBody(name, count) {
  if (count > 2 && native.phase !== 0) {
    native.log(2, `http.${name} only accepts a url and a params argument (2 arguments), but ` +
      `${count} were given`, '');
  }
}

// Go's client takes no method for GET.
function methodOf(method) {
  return typeof method === 'string' && method !== '' ? method : goString(method) || 'GET';
}

exports.get = function get(url, params) {
  if (arguments.length > 2) warnOfBody('get', arguments.length);
  return send('GET', url, null, params);
};
exports.head = function head(url, params) {
  if (arguments.length > 2) warnOfBody('head', arguments.length);
  return send('HEAD', url, null, params);
};
exports.post = function post(url, body, params) {
  return send('POST', url, body, params);
};
exports.put = function put(url, body, params) {
  return send('PUT', url, body, params);
};
exports.patch = function patch(url, body, params) {
  return send('PATCH', url, body, params);
};
exports.del = function del(url, body, params) {
  return send('DELETE', url, body, params);
};
exports.options = function options(url, body, params) {
  return send('OPTIONS', url, body, params);
};
exports.request = function request(method, url, body, params) {
  return send(methodOf(method), url, body, params);
};
exports.asyncRequest = function asyncRequest(method, url, body, params) {
  return sendAsync(methodOf(method), url, body, params);
};
exports.batch = function batch() {
  return require('lab:http_batch').batch.apply(undefined, arguments);
};
exports.url = urlTemplate;
exports.file = file;
exports.CookieJar = NewCookieJar;
exports.cookieJar = vuCookieJar;
exports.setResponseCallback = setResponseCallback;
exports.expectedStatuses = expectedStatuses;

const kConstants = {
  TLS_1_0: 'tls1.0',
  TLS_1_1: 'tls1.1',
  TLS_1_2: 'tls1.2',
  TLS_1_3: 'tls1.3',
  OCSP_STATUS_GOOD: 'good',
  OCSP_STATUS_REVOKED: 'revoked',
  OCSP_STATUS_SERVER_FAILED: 'server_failed',
  OCSP_STATUS_UNKNOWN: 'unknown',
  OCSP_REASON_UNSPECIFIED: 'unspecified',
  OCSP_REASON_KEY_COMPROMISE: 'key_compromise',
  OCSP_REASON_CA_COMPROMISE: 'ca_compromise',
  OCSP_REASON_AFFILIATION_CHANGED: 'affiliation_changed',
  OCSP_REASON_SUPERSEDED: 'superseded',
  OCSP_REASON_CESSATION_OF_OPERATION: 'cessation_of_operation',
  OCSP_REASON_CERTIFICATE_HOLD: 'certificate_hold',
  OCSP_REASON_REMOVE_FROM_CRL: 'remove_from_crl',
  OCSP_REASON_PRIVILEGE_WITHDRAWN: 'privilege_withdrawn',
  OCSP_REASON_AA_COMPROMISE: 'aa_compromise',
};
for (const name of Object.keys(kConstants)) {
  Object.defineProperty(exports, name, { value: kConstants[name], enumerable: true });
}

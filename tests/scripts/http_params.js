// k6/http: what the params object may say.
import http from 'k6/http';
import { equal, finished, throws } from './assert.js';

const echo = `${__ENV.SERVER}/echo`;
const outcome = (params) => {
  const { status, error, error_code: code } = http.get(echo, params);
  return [status, error, code];
};
const fine = [200, '', 0];
const refused = (params, error, label) => equal(outcome(params), [0, error, 0], label);

function timeouts() {
  for (const timeout of [60000, 1e4, 5000.5, '5000', '1.5s', '1h2m3.5s', '1d', '1d2h', '1e4', '.5m']) {
    equal(outcome({ timeout }), fine, `timeout ${timeout}`);
  }
  for (const timeout of [0, -5, '-1s', '0', '0s']) {
    equal(outcome({ timeout }), [0, 'request timeout', 1050], `timeout ${timeout}`);
  }
  for (const [timeout, text] of [
    ['abc', 'time: invalid duration "abc"'], ['1x', 'time: unknown unit "x" in duration "1x"'],
    ['', 'time: invalid duration ""'], ['5s5', 'time: missing unit in duration "5s5"'],
    [' 5s', 'time: invalid duration " 5s"'], ['5m ', 'time: unknown unit "m " in duration "5m "'],
    ['.s', 'time: invalid duration ".s"'], ['1.d', 'strconv.ParseInt: parsing "1.": invalid syntax'],
    ['1d-2h', "invalid time format '-2h'"], [null, 'unable to use type <nil> as a duration value'],
    [undefined, 'unable to use type <nil> as a duration value'], [true, 'unable to use type bool as a duration value'],
    [{}, 'unable to use type map[string]interface {} as a duration value'],
  ]) {
    refused({ timeout }, `invalid timeout value: ${text}`, `timeout ${timeout}`);
  }
  const late = http.get(`${__ENV.SERVER}/delay/1000`, { timeout: 20 });
  equal([late.status, late.error, late.error_code, late.body, late.headers], [0, 'request timeout', 1050, null, {}], 'late');
}

function tags() {
  const text = "invalid HTTP request metric tags: invalid value for metric tag 'a': only String, Boolean and Number types " +
    'are accepted as a metric tag values';
  for (const a of [{}, [], null, undefined, () => 1]) refused({ tags: { a } }, text, `tag ${String(a)}`);
  for (const a of ['x', 1.5, true]) equal(outcome({ tags: { a } }), fine, `tag ${a}`);
  equal(outcome({ tags: null }), fine, 'tags: null');
}

function responseTypes() {
  refused({ responseType: 'x' }, 'x does not belong to ResponseType values', 'responseType x');
  refused({ responseType: undefined }, 'undefined does not belong to ResponseType values', 'responseType undefined');
  const bytes = `${__ENV.SERVER}/bytes`;
  equal(http.get(bytes, { responseType: 'binary' }).body.byteLength, 256, 'binary');
  equal(http.get(bytes, { responseType: 'none' }).body, null, 'none');
  equal(http.get(echo, { responseType: 'binary' }).json('method'), 'GET', 'json() of a binary body');
  throws(() => http.get(echo, { responseType: 'none' }).json(), "GoError: the body is null so we can't transform it to " +
    'JSON - this likely was because of a request error getting the response', 'json() without a body');
}

function compressions() {
  const text = 'supported algorithms are [gzip deflate zstd br]';
  refused({ compression: 'x' }, `unknown compression algorithm x, ${text}`, 'compression x');
  refused({ compression: 'gzip, ,br' }, `unknown compression algorithm , ${text}`, 'an empty name');
  refused({ compression: null }, `unknown compression algorithm null, ${text}`, 'compression null');
}

function responseCallbacks() {
  refused({ responseCallback: 5 }, 'unsupported responseCallback', 'responseCallback 5');
  refused({ responseCallback: () => true }, 'unsupported responseCallback', 'a function');
  equal(outcome({ responseCallback: null }), fine, 'null');
  equal(outcome({ responseCallback: http.expectedStatuses(200, { min: 400, max: 499 }) }), fine, 'expectedStatuses');
  const neither = (n) => `GoError: argument number ${n} to expectedStatuses was neither an integer nor an object like ` +
    '{min:100, max:329}';
  throws(() => http.expectedStatuses(), 'GoError: no arguments', 'no arguments');
  throws(() => http.expectedStatuses('a'), neither(1), 'a text');
  throws(() => http.expectedStatuses(200, { min: 1 }), neither(2), 'without max');
  throws(() => http.expectedStatuses(1.5), neither(1), 'not whole');
  throws(() => http.expectedStatuses({ min: 1.5, max: 2 }),
    'GoError: both min and max need to be integers for argument number 1', 'min not whole');
  throws(() => http.expectedStatuses(null), 'TypeError: Cannot convert undefined or null to object', 'null');
  const unsupported = 'GoError: unsupported argument, expected http.expectedStatuses';
  throws(() => http.setResponseCallback(5), unsupported, 'setResponseCallback(5)');
  throws(() => http.setResponseCallback(undefined), unsupported, 'setResponseCallback(undefined)');
  equal(http.setResponseCallback(null), undefined, 'setResponseCallback(null)');
  equal(http.setResponseCallback(http.expectedStatuses({ min: 200, max: 399 })), undefined, 'setResponseCallback');
}

function whole() {
  for (const params of ['abc', 5, [1], true, null, undefined, {}, { unknown: 1 }]) {
    equal(outcome(params), fine, `params ${String(params)}`);
  }
}

export default function () {
  timeouts();
  tags();
  responseTypes();
  compressions();
  responseCallbacks();
  whole();
  finished('http_params');
}

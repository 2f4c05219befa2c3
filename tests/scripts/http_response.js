// k6/http: the response, and what comes of requests that fail.
import http from 'k6/http';
import { equal, finished, isLoader, throws } from './assert.js';

const server = __ENV.SERVER;

function shape() {
  const response = http.post(`${server}/echo`, 'x', { headers: { 'x-a': 1 } });
  equal(Object.keys(response), ['remote_ip', 'remote_port', 'url', 'status', 'status_text', 'proto', 'headers', 'cookies',
    'body', 'timings', 'tls_version', 'tls_cipher_suite', 'ocsp', 'error', 'error_code', 'request', 'clickLink', 'html',
    'json', 'submitForm'], 'keys');
  const { remote_ip: ip, remote_port: port, url, status, status_text: text, proto, error, error_code: code } = response;
  equal([ip, `http://${ip}:${port}`, url], ['127.0.0.1', server, `${server}/echo`], 'where it came from');
  equal([status, text, proto, error, code], [200, '200 OK', 'HTTP/1.1', '', 0], 'its status');
  equal(Object.keys(response.timings), ['duration', 'blocked', 'looking_up', 'connecting', 'tls_handshaking', 'sending',
    'waiting', 'receiving'], 'timings');
  const { duration, sending, waiting, receiving } = response.timings;
  equal([duration > 0, Math.abs(duration - sending - waiting - receiving) < 0.001], [true, true], 'duration');
  equal([response.tls_version, response.tls_cipher_suite, response.ocsp], ['', '', { produced_at: 0, this_update: 0,
    next_update: 0, revoked_at: 0, revocation_reason: '', status: '' }], 'no TLS');
  const { request } = response;
  equal(Object.keys(request), ['method', 'url', 'headers', 'body', 'cookies'], 'keys of request');
  equal([request.method, request.url, request.body, request.cookies], ['POST', `${server}/echo`, 'x', {}], 'request');
  equal(Object.keys(request.headers).sort(), ['User-Agent', 'X-A'], 'headers of the request');
  equal(request.headers['X-A'], ['1'], 'a list each');
  const parsed = JSON.parse(JSON.stringify(response));
  equal([parsed.headers['Content-Type'], parsed.request.body, parsed.json], ['application/json', 'x', undefined],
    'JSON.stringify');
}

// All that can be done first with an object that nobody has looked at.
function untouched() {
  const get = () => http.get(`${server}/headers?x-a=1`);
  const keys = ['duration', 'blocked', 'looking_up', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving'];
  equal(Object.keys({ ...get().timings }), keys, 'spread');
  equal(Object.keys(JSON.parse(JSON.stringify(get().timings))).sort(), [...keys].sort(), 'JSON.stringify');
  equal(Object.keys(Object.assign({}, get().timings)), keys, 'Object.assign');
  equal(Object.entries(get().timings).map(([key]) => key), keys, 'Object.entries');
  const { timings } = get();
  Object.preventExtensions(timings);
  equal([Object.isExtensible(timings), Object.keys(timings), timings.duration > 0], [false, keys, true], 'not extensible');
  // k6's objects can't be frozen: they are Go's.
  if (!isLoader) return;
  for (const [change, is] of [[Object.freeze, Object.isFrozen], [Object.seal, Object.isSealed]]) {
    const response = get();
    for (const part of ['timings', 'headers', 'cookies', 'ocsp', 'request']) {
      const object = change(response[part]);
      equal([object === response[part], is(object), Object.keys(object).length > 0], [true, true, part !== 'cookies'], part);
    }
    equal([response.timings.duration > 0, response.headers['X-A'], response.request.method], [true, '1', 'GET'], 'what it has');
    const whole = change(get());
    equal([is(whole), Object.keys(whole.timings), whole.headers['X-A']], [true, keys, '1'], 'a whole response');
  }
  const frozen = Object.freeze(get().timings);
  throws(() => { frozen.duration = 1; }, /^TypeError/, 'a frozen one is not written');
  throws(() => { frozen.own = 1; }, /^TypeError/, 'nor extended');
}

function headers() {
  const { headers: fields } = http.get(`${server}/headers?x-a=1&X-A=2&Y=%20z%20`);
  equal([fields['X-A'], fields.Y, fields['x-a'], 'Y' in fields], ['1, 2', 'z', undefined, true], 'joined, canonical names');
  fields.Own = 'x';
  delete fields.Y;
  equal([fields.Own, fields.Y, Object.keys(fields).includes('Own')], ['x', undefined, true], 'an object like any other');
}

function bodies() {
  const body = (route, params) => http.get(server + route, params).body;
  equal(body('/status/200'), '', 'empty');
  equal(body('/status/204'), null, '204');
  equal(body('/status/304'), null, '304');
  equal(http.head(`${server}/bytes`).body, '', 'HEAD');
  for (const [route, text] of [['/gzip', 'hello, hello, hello'], ['/deflate', 'hello, hello, hello'],
    ['/br', 'hello brotli, hello brotli'], ['/zstd', 'hello zstd']]) {
    equal(body(route), text, `decoded ${route}`);
  }
  equal(http.get(`${server}/gzip`).headers['Content-Encoding'], 'gzip', 'Content-Encoding stays');
  equal(new Uint8Array(body('/bytes', { responseType: 'binary' }))[255], 255, 'binary');
}

function failures() {
  const outcome = (url) => {
    const response = http.get(url, { timeout: '5s' });
    return [response.status, response.error, response.error_code, response.body, response.headers, response.url];
  };
  const of = (route) => outcome(server + route).slice(0, 4);
  equal(of('/status/404?body=x'), [404, '', 1404, 'x'], '404');
  equal(http.get(`${server}/status/404`).status_text, '404 Not Found', 'status_text');
  equal(http.get(`${server}/status/429?phrase=Slow+Down`).status_text, '429 Slow Down', 'status_text');
  equal(of('/status/500'), [500, '', 1500, ''], '500');
  equal(outcome('http://127.0.0.1:1/'), [0, 'dial: connection refused', 1212, null, {}, 'http://127.0.0.1:1/'], 'refused');
  equal(of('/close'), [0, 'EOF', 1000, null], 'closed before a byte');
  equal(of('/reset'), [0, 'read: connection reset by peer', 1220, null], 'reset');
  equal(of('/cut'), [0, 'unexpected EOF', 1000, 'half of it'], 'cut off');
  equal(of('/bad-gzip').slice(2), [1701, null], 'not decompressed');
  equal(outcome('http://nosuch.invalid/')[2], 1101, 'no such host');
}

function throwing() {
  const thrown = (url) => () => http.post(url, null, { throw: true });
  throws(thrown('http://127.0.0.1:1/'),
    'GoError: Post "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused', 'refused');
  throws(thrown(`${server}/close`), `GoError: Post "${server}/close": EOF`, 'closed');
  throws(thrown(`${server}/cut`), 'GoError: unexpected EOF', 'cut off');
  throws(() => http.get(`${server}/delay/1000`, { throw: true, timeout: 20 }),
    `GoError: Get "${server}/delay/1000": request timeout`, 'late');
  equal(http.get('http://a b', { throw: true }).error_code, 1020, 'a bad URL is not thrown');
  equal(http.get(`${server}/status/500`, { throw: true }).status, 500, 'a status is not thrown');
}

function json() {
  const of = (text) => http.get(`${server}/status/200?body=${encodeURIComponent(text)}`);
  const response = of('{"a":[1,{"b":null}],"c":"ü"}');
  equal(response.json(), { a: [1, { b: null }], c: 'ü' }, 'json()');
  response.json().own = 1;
  equal([response.json().own, response.json('own'), response.json('a.1.b')], [1, undefined, null], 'parsed once');
  response.json('a').push(2);
  equal(response.json('a.#'), 2, 'what a selector found is the script\'s own');
  equal([of('x').json('a'), of('{').json('a')], [undefined, undefined], 'a selector on what is no JSON');
  const problem = (text, pattern) => throws(() => of(text).json(), pattern, `json() of ${text}`);
  problem('', 'GoError: cannot parse json due to an error at line 1, character 0 , error: unexpected end of JSON input');
  problem('[1,2', 'GoError: cannot parse json due to an error at line 1, character 4 , error: unexpected end of JSON input');
  for (const [text, cause] of [
    ['<html>', "invalid character '<' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"], ['[1 2]', "invalid character '2' after array element"],
    ['{"a":1 2}', "invalid character '2' after object key:value pair"],
    ['tru', "invalid character ' ' in literal true (expecting 'e')"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12x"', "invalid character 'x' in \\u hexadecimal character escape"],
    ['1.', "invalid character ' ' after decimal point in numeric literal"],
    ['1e', "invalid character ' ' in exponent of numeric literal"], ['-', "invalid character ' ' in numeric literal"],
    ['01', "invalid character '1' after top-level value"], ["'", "invalid character '\\'' looking for beginning of value"],
    ['"a\nb"', "invalid character '\\n' in string literal"], ['é', "invalid character 'Ã' looking for beginning of value"],
  ]) {
    problem(text, { test: (thrown) => thrown.endsWith(` , error: ${cause}`) });
  }
  // v1 counts one character too many.
  if (isLoader) {
    problem('{"a":1}\n\n x', 'GoError: cannot parse json due to an error at line 3, character 2 , ' +
      "error: invalid character 'x' after top-level value");
    problem('{"é":1}x', 'GoError: cannot parse json due to an error at line 1, character 8 , ' +
      "error: invalid character 'x' after top-level value");
  }
}

export default function () {
  shape();
  untouched();
  headers();
  bodies();
  failures();
  throwing();
  json();
  if (isLoader) throws(() => http.get(server).html(), /^GoError: html\(\) needs an HTML parser/, 'html()');
  finished('http_response');
}

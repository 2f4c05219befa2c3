// k6/http: methods, headers, and what the host sends of its own accord.
import http from 'k6/http';
import { equal, finished, throws } from './assert.js';

const echo = `${__ENV.SERVER}/echo`;

function came(response) {
  return response.json();
}

// The headers that came, but for Host and User-Agent.
function headers(response) {
  const fields = {};
  for (const [name, value] of came(response).headers) {
    if (name !== 'Host' && name !== 'User-Agent') fields[name] = value;
  }
  return fields;
}

throws(() => http.get(echo), 'GoError: Making http requests in the init context is not supported', 'get in init');
throws(() => http.asyncRequest('GET', echo), 'GoError: Making http requests in the init context is not supported',
  'asyncRequest in init');
throws(() => http.batch([echo]), 'GoError: Using batch in the init context is not supported', 'batch in init');

function methods() {
  equal(came(http.get(echo)).method, 'GET', 'get');
  equal(http.head(echo).status, 200, 'head');
  equal(came(http.post(echo, 'x')).method, 'POST', 'post');
  equal(came(http.put(echo, 'x')).method, 'PUT', 'put');
  equal(came(http.patch(echo, 'x')).method, 'PATCH', 'patch');
  equal(came(http.del(echo, 'x')).method, 'DELETE', 'del');
  equal(came(http.del(echo, 'x')).body, 'x', 'body of del');
  equal(came(http.options(echo, 'x')).method, 'OPTIONS', 'options');
  equal(came(http.request('get', echo)).method, 'get', 'request takes the method as it is');
  equal(came(http.request('GET', echo, 'b')).body, 'b', 'request sends a body with GET');
  equal(came(http.request('', echo)).method, 'GET', 'request without a method');
  equal(came(http.request(null, echo)).method, 'GET', 'request with null for a method');
  equal(came(http.get(echo, null, 5)).method, 'GET', 'get ignores more arguments');
}

function lengths() {
  const length = (method, body) => came(http.request(method, echo, body)).headers
    .filter(([name]) => name === 'Content-Length').map(([, value]) => value).join();
  for (const method of ['GET', 'DELETE', 'OPTIONS', 'TRACE', 'OWN']) equal(length(method), '', `${method} without a body`);
  for (const method of ['POST', 'PUT', 'PATCH']) equal(length(method), '0', `${method} without a body`);
  equal(length('OPTIONS', 'abc'), '3', 'with one');
  const chunked = http.get(`${__ENV.SERVER}/sse/plain`).headers;
  equal([chunked['Content-Type'], chunked['Transfer-Encoding']], ['text/event-stream', undefined], 'how a body came');
}

function ownHeaders() {
  const [host, agent] = came(http.get(echo)).headers;
  equal(host, ['Host', __ENV.SERVER.slice('http://'.length)], 'Host');
  equal(agent[0], 'User-Agent', 'User-Agent');
  equal(headers(http.get(echo)), {}, 'nothing else with a GET');
  equal(headers(http.post(echo, 'x')), { 'Content-Length': '1' }, 'no content type with a string');
  equal(headers(http.post(echo)), { 'Content-Length': '0' }, 'a POST without a body');
}

function givenHeaders() {
  const give = (given) => headers(http.get(echo, { headers: given }));
  equal(give({ 'x-a': 1, ACCEPT: '*/*' }), { 'X-A': '1', Accept: '*/*' }, 'canonical names, any value');
  equal(give({ a: null, b: undefined, c: true, d: ['x', 'y'], e: {} }),
    { A: 'null', B: 'undefined', C: 'true', D: 'x,y', E: '[object Object]' }, 'values as String makes them');
  equal(give({ 'x-a': 1, 'X-A': 2 }), { 'X-A': '2' }, 'of two spellings the later wins');
  equal(give({ 'x-a.b_c': 1 }), { 'X-A.b_c': '1' }, 'letters after other signs stay');
  equal(give(null), {}, 'headers: null');
  equal(give({ 'content-length': 7, 'accept-encoding': 'gzip' }), { 'Accept-Encoding': 'gzip' },
    'the content length is not the script\'s to say');
  const all = came(http.get(echo, { headers: { host: 'other.host', 'user-agent': 'me' } })).headers;
  equal(all, [['Host', 'other.host'], ['User-Agent', 'me']], 'Host and User-Agent can be given');
  equal(give({ 'transfer-encoding': 'chunked', trailer: 'x' }), {}, 'nor how the body ends');
}

function refusedHeaders() {
  const refused = (given) => {
    const { status, error, error_code: code, body } = http.get(echo, { headers: given });
    return [status, error, code, body];
  };
  equal(refused({ 'a b': 1 }), [0, 'net/http: invalid header field name "a b"', 1000, null], 'name with a space');
  equal(refused({ a: 'x\ny' }), [0, 'net/http: invalid header field value for "A"', 1000, null], 'line break in a value');
}

function compression() {
  const gzip = http.post(echo, 'hello', { compression: 'gzip' });
  equal(came(gzip).base64.slice(0, 4), 'H4sI', 'a gzip body');
  equal(headers(gzip)['Content-Encoding'], 'gzip', 'Content-Encoding');
  equal(headers(http.post(echo, 'hello', { compression: ' deflate,gzip' }))['Content-Encoding'], 'deflate, gzip',
    'one after the other');
  equal(headers(http.post(echo, 'x', { compression: 'gzip', headers: { 'content-encoding': 'br' } }))['Content-Encoding'],
    'br', 'a given Content-Encoding stays');
  equal(headers(http.post(echo, null, { compression: 'gzip' })), { 'Content-Length': '0' }, 'no body, no coding');
  equal(headers(http.post(echo, 'x', { compression: '' })), { 'Content-Length': '1' }, 'compression: \'\'');
  equal(gzip.request.body, 'hello', 'request.body is the plain one');
}

async function promises() {
  const [first, second] = await Promise.all([http.asyncRequest('GET', `${echo}?1`), http.asyncRequest('POST', echo, 'x')]);
  equal([came(first).target, came(second).body], ['/echo?1', 'x'], 'asyncRequest');
  const refused = await http.asyncRequest('GET', 'http://a b');
  equal(refused.error_code, 1020, 'asyncRequest resolves for a bad URL');
  let rejected = null;
  try {
    await http.asyncRequest('GET', 'http://127.0.0.1:1/', null, { throw: true });
  } catch (error) {
    rejected = error;
  }
  const text = 'Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused';
  equal([rejected instanceof Error, String(rejected), rejected.error()], [false, text, text], 'asyncRequest rejects');
}

export default async function () {
  methods();
  lengths();
  ownHeaders();
  givenHeaders();
  refusedHeaders();
  compression();
  await promises();
  finished('http_requests');
}

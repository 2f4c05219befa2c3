// k6/http: batch.
import http from 'k6/http';
import { equal, finished, throws } from './assert.js';

const server = __ENV.SERVER;
const echo = `${server}/echo`;

function shapes() {
  const list = http.batch([echo, http.url`${echo}?${1}`, ['POST', echo, 'b', { headers: { 'x-a': 1 } }],
    { method: 'put', url: echo, body: { z: 1 } }, { method: 'get', url: echo, body: 'dropped' }, ['delete', echo]]);
  equal(Array.isArray(list), true, 'a list for a list');
  equal(list.map((response) => [response.json('method'), response.json('target'), response.json('body')]), [
    ['GET', '/echo', ''], ['GET', '/echo?1', ''], ['POST', '/echo', 'b'], ['PUT', '/echo', 'z=1'], ['GET', '/echo', ''],
    ['delete', '/echo', '']], 'entries of each kind');
  const object = http.batch({ a: echo, b: `${server}/status/404` });
  equal([Object.keys(object).sort(), object.a.status, object.b.status], [['a', 'b'], 200, 404], 'an object for an object');
  equal([http.batch([]), http.batch({})], [[], {}], 'nothing');
}

function refused() {
  throws(() => http.batch(), 'GoError: no argument was provided to http.batch()', 'no argument');
  throws(() => http.batch([], 1), 'GoError: http.batch() accepts only an array or an object of requests', 'two arguments');
  for (const [given, type] of [['x', 'string'], [5, 'int64'], [null, '<nil>'], [undefined, '<nil>']]) {
    throws(() => http.batch(given), `GoError: invalid http.batch() argument type ${type}`, `batch of ${type}`);
  }
}

function malformed() {
  const error = (entry) => http.batch([entry])[0].error;
  equal(error(5), "invalid URL: '#5'", 'a number');
  equal(error(null), "invalid URL: '#<nil>'", 'null');
  equal(error(['x']), 'invalid batch request \'[]interface {}{"x"}\'', 'a short list');
  equal(error([5, echo]), "invalid method type '5'", 'a method that is a number');
  equal(error([['a'], echo]), 'invalid method type \'[]interface {}{"a"}\'', 'a method that is a list');
  equal(error({}), "batch request 0 doesn't have a url key", 'no URL');
  equal(error({ url: echo, method: 5 }), "invalid method type '5'", 'an object whose method is a number');
  equal(error(['GET', echo, 5]), 'unknown request body type int64', 'a bad body');
  equal(error(['GET', echo, null, { timeout: 'x' }]), 'invalid timeout value: time: invalid duration "x"', 'bad params');
  equal(http.batch({ q: {} }).q.error, "batch request q doesn't have a url key", 'in an object');
  const list = http.batch([echo, 'http://a b', echo]);
  const shown = list.map((response) => response && [response.status, response.error_code, response.body, response.request]);
  equal(shown, [[0, 0, [], null], [0, 1020, [], null], null], 'nothing is sent');
}

function failing() {
  const list = http.batch([echo, 'http://127.0.0.1:1/', `${server}/close`]);
  equal(list.map((response) => response.error_code), [0, 1212, 1000], 'each on its own');
  throws(() => http.batch([echo, ['GET', 'http://127.0.0.1:1/', null, { throw: true }]]),
    'GoError: Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused', 'throw');
}

function atOnce() {
  const begin = Date.now();
  http.batch(Array.from({ length: 7 }, () => `${server}/delay/150`));
  const took = Date.now() - begin;
  equal([took >= 300, took < 900], [true, true], `seven requests, six at once to a host: two rounds (${took} ms)`);
}

export default function () {
  shapes();
  refused();
  malformed();
  failing();
  atOnce();
  finished('http_batch');
}

// k6/x/sse: streams of server-sent events.
import http from 'k6/http';
import sse from 'k6/x/sse';
import { equal, finished, isLoader, throws } from './assert.js';

const server = __ENV.SERVER;

throws(() => sse.open(server, () => {}), 'GoError: using sse in the init context is not supported', 'open in init');

// All that a stream brings, in order: ['open'], ['event', event], ['error', text].
function collect(name, params, onEvent) {
  const log = [];
  const response = sse.open(`${server}/sse/${name}`, params, (client) => {
    client.on('open', () => log.push(['open']));
    client.on('event', (event) => {
      log.push(['event', event]);
      if (onEvent !== undefined) onEvent(client);
    });
    client.on('error', (error) => log.push(['error', error.error()]));
  });
  return { log, response };
}

const event = (data, rest) => ['event', { id: '', comment: '', name: '', data, ...rest }];

function streams() {
  const { log, response } = collect('plain');
  equal(log, [['open'], event('one'), event('two'), event('[DONE]')], 'events');
  equal([response.url, response.status, response.error], [`${server}/sse/plain`, 200, ''], 'the response');
  equal([response.headers['Content-Type'], response.body], ['text/event-stream', undefined], 'its headers, and no body');
  equal(Object.keys(log[1][1]), ['id', 'comment', 'name', 'data'], 'keys of an event');
  equal(collect('fields').log, [['open'], event('a\nb', { id: '7', name: 'note', comment: 'remark' }), event('no space'),
    event('', { comment: 'ping' }), event('')], 'fields');
  equal(collect('pieces').log, [['open'], event('xyz\n2'), event('ü')], 'in pieces; what is not ended is lost');
  equal(collect('odd').log, [['open'], ['error', 'unknown event: what\n'], event('after')], 'an odd line');
  equal(collect('plain?status=500').log.length, 4, 'of an answer that is no success, too');
}

function closing() {
  const { log, response } = collect('wait', {}, (client) => client.close());
  equal([log, response.status, response.error], [[['open'], event('one')], 200, ''], 'close() ends it');
  throws(() => collect('wait', {}, () => { throw new Error('mine'); }), 'Error: mine', 'so does a handler that throws');
  throws(() => sse.open(`${server}/sse/plain`, () => { throw new Error('setup'); }), 'Error: setup', 'and the set-up');
}

function echoed(params) {
  let came;
  sse.open(`${server}/sse/echo`, params, (client) => client.on('event', (got) => { came = JSON.parse(got.data); }));
  const fields = {};
  for (const [name, value] of came.headers) fields[name] = value;
  return { ...came, headers: fields };
}

function requests() {
  const plain = echoed({});
  equal([plain.method, plain.body], ['GET', ''], 'GET without a body');
  equal(Object.keys(plain.headers).sort(), ['Accept', 'Accept-Encoding', 'Host', 'User-Agent'], 'its headers');
  equal([plain.headers.Accept, plain.headers['Accept-Encoding']], ['text/event-stream', 'gzip'], 'their values');
  const post = echoed({ method: 'POST', body: ' {"a":1}\n', headers: { 'content-type': 'x/y', accept: '*/*' }, timeout: '10s',
    tags: { a: 1 } });
  equal([post.method, post.body], ['POST', '{"a":1}'], 'POST; the body is trimmed');
  equal([post.headers['Content-Type'], post.headers.Accept], ['x/y', '*/*'], 'given headers');
  const jar = new http.CookieJar();
  jar.set(server, 'c', '1');
  equal(echoed({ jar }).headers.Cookie, 'c=1', 'jar');
}

const opening = (params) => () => sse.open(server, params, () => {});

function failures() {
  const nothing = sse.open('http://127.0.0.1:1/', {}, () => {});
  equal(nothing, { url: '', status: 0, headers: {},
    error: 'Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused' }, 'refused');
  throws(() => sse.open(server), 'GoError: invalid number of arguments to sse.open', 'no set-up');
  throws(() => sse.open(server, {}), 'GoError: last argument to sse.open must be a function', 'a set-up that is none');
  throws(opening({ tags: { a: {} } }), "GoError: invalid sse.open() metric tags: invalid value for metric tag 'a': only " +
    'String, Boolean and Number types are accepted as a metric tag values', 'tags');
}

// Of version 0.1.9: older ones know no timeout, and take an empty line that ends with \r\n for an odd one.
function recent() {
  equal(collect('crlf').log, [['open'], event('a\r\nb', { id: '1\r', name: 'e\r' })], 'carriage returns');
  throws(opening({ timeout: 5 }), 'GoError: invalid sse.open() timeout: time: missing unit in duration "5"', 'timeout: 5');
  throws(opening({ timeout: 'x' }), 'GoError: invalid sse.open() timeout: time: invalid duration "x"', "timeout: 'x'");
}

// Where the extension never returns.
function mended() {
  const cut = collect('cut');
  equal([cut.log, cut.response.status, cut.response.error],
    [[['open'], event('one'), ['error', 'unexpected EOF']], 200, 'unexpected EOF'], 'a cut stream');
  const late = collect('wait', { timeout: '50ms' });
  equal([late.log.length, late.log[2][0], late.response.error === ''], [3, 'error', false], 'a stream that takes too long');
  equal(sse.open('http://a b', () => {}).error, 'parse "http://a b": invalid character " " in host name', 'a bad URL');
}

export default function () {
  streams();
  closing();
  requests();
  failures();
  if (isLoader) {
    recent();
    mended();
  }
  finished('sse');
}

// The smaller libraries: papaparse, url, formdata, httpx, k6chaijs, k6-reporter.
import exec from 'k6/execution';
import http from 'k6/http';
import papaparse from 'https://jslib.k6.io/papaparse/5.1.1/index.js';
import { URL, URLSearchParams } from 'https://jslib.k6.io/url/1.0.0/index.js';
import { FormData } from 'https://jslib.k6.io/formdata/0.0.2/index.js';
import { Get, Httpx, Post } from 'https://jslib.k6.io/httpx/0.1.0/index.js';
import { describe, expect } from 'https://jslib.k6.io/k6chaijs/4.3.4.3/index.js';
import { htmlReport } from
  'https://raw.githubusercontent.com/benc-uk/k6-reporter/main/dist/bundle.js';
import { equal, finished, isLoader, throws } from './assert.js';

function tables() {
  const text = 'name,n,ok\n"Smith, J",1.5,true\n"a ""b""",,false\nx,1,true,more\n';
  const { data, errors, meta } = papaparse.parse(text, { header: true, dynamicTyping: true,
    skipEmptyLines: true });
  equal(data, [{ name: 'Smith, J', n: 1.5, ok: true }, { name: 'a "b"', n: null, ok: false },
    { name: 'x', n: 1, ok: true, __parsed_extra: ['more'] }], 'rows');
  equal(errors, [{ type: 'FieldMismatch', code: 'TooManyFields',
    message: 'Too many fields: expected 3 fields but parsed 4', row: 2 }], 'errors');
  equal([meta.delimiter, meta.linebreak, meta.fields], [',', '\n', ['name', 'n', 'ok']], 'meta');
  equal(papaparse.parse('a;b\r\n1;2').meta.delimiter, ';', 'a guess');
  equal(papaparse.parse('a;b\r\n1;2').data, [['a', 'b'], ['1', '2']], 'no header');
  equal(papaparse.parse('"a,b').errors[0].code, 'MissingQuotes', 'an open quote');
  equal(papaparse.parse('a,b\n1,2\n3,4', { preview: 2 }).meta,
    { delimiter: ',', linebreak: '\n', aborted: false, truncated: true, cursor: 11 }, 'a preview');
  equal(papaparse.parse('"a",b\n1,2\n3,4', { preview: 2 }).meta.cursor, 10, 'one with quotes');
  equal(papaparse.unparse([{ a: 1, b: 'x,y' }, { a: null, b: 'q"' }]), 'a,b\r\n1,"x,y"\r\n,"q"""',
    'unparse');
}

function addresses() {
  const url = new URL('../c d?x=1#f', 'https://User:pw@EXAMPLE.com:443/a/b/');
  equal(url.href, 'https://User:pw@example.com/a/c%20d?x=1#f', 'href');
  equal([url.protocol, url.host, url.pathname, url.search, url.hash, url.username, url.origin],
    ['https:', 'example.com', '/a/c%20d', '?x=1', '#f', 'User', 'https://example.com'], 'parts');
  url.searchParams.append('y', 'a b&é');
  url.port = '8080';
  equal(String(url), 'https://User:pw@example.com:8080/a/c%20d?x=1&y=a+b%26%C3%A9#f', 'changed');
  equal(new URL('http://0x7f.1/').hostname, '127.0.0.1', 'IPv4');
  equal(new URL('http://[2001:db8::0:1]/').hostname, '[2001:db8::1]', 'IPv6');
  throws(() => new URL('no/url'), /^TypeError: Invalid /, 'no base');
  const params = new URLSearchParams([['b', '2'], ['a', '1'], ['b', '3']]);
  params.sort();
  equal([params.toString(), params.getAll('b'), params.get('z')], ['a=1&b=2&b=3', ['2', '3'], null],
    'parameters');
}

function forms() {
  const form = new FormData();
  form.append('name', 'value');
  form.append('file', http.file('text', 'a.txt', 'text/plain'));
  const { boundary } = form;
  const bytes = new Uint8Array(form.body());
  equal(String.fromCharCode(...bytes).split(`--${boundary}`), ['',
    '\r\nContent-Disposition: form-data; name="name"\r\nContent-Type: text/plain\r\n\r\nvalue\r\n',
    '\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n' +
      'Content-Type: text/plain\r\n\r\ntext\r\n', '--\r\n'], 'a form');
}

function partsOf(...args) {
  const form = new FormData();
  form.append('a', ...args);
  const text = String.fromCharCode(...new Uint8Array(form.body()));
  return text.split('\r\n').slice(1, -2);
}

// Standard FormData, unlike the library, takes numbers and the like for text.
function parts() {
  equal(partsOf({ data: [65, 66], filename: '' }), ['Content-Disposition: form-data; name="a"',
    'Content-Type: application/octet-stream', '', 'AB'], 'a list of bytes');
  equal(FormData() instanceof FormData, true, 'without new');
  throws(() => new FormData().append('a'), 'SyntaxError: Not enough arguments', 'no value');
  if (!isLoader) return;
  equal(partsOf(5).slice(1), ['Content-Type: text/plain', '', '5'], 'a number');
  equal(partsOf(true).slice(1), ['Content-Type: text/plain', '', 'true'], 'a boolean');
}

// Nothing listens at port 1: the request as k6/http saw it is what counts.
function sessions() {
  const session = new Httpx({ baseURL: 'http://127.0.0.1:1', headers: { 'X-A': '1' } });
  session.addHeader('X-B', '2');
  session.addTag('t', 'v');
  session.clearHeader('X-A');
  const { request } = session.post('/p', 'body', { headers: { 'X-C': '3' } });
  equal([request.method, request.url, request.body], ['POST', 'http://127.0.0.1:1/p', 'body'],
    'post');
  equal([request.headers['X-A'], request.headers['X-B'], request.headers['X-C']],
    [undefined, ['2'], ['3']], 'headers');
  equal(session.get('http://127.0.0.1:1/x').request.url, 'http://127.0.0.1:1/x', 'absolute');
  const responses = session.batch([new Get('/1'), new Post('/2')]);
  equal(responses.map((response) => `${response.request.method} ${response.request.url}`),
    ['GET http://127.0.0.1:1/1', 'POST http://127.0.0.1:1/2'], 'batch');
  equal(session.lastRequest.responseObject === responses, true, 'the last responses');
}

function requests() {
  const errors = [];
  const session = new Httpx({ baseURL: 'http://127.0.0.1:1',
    errorMetric: { add: (value) => errors.push(value) } });
  const post = new Post('/p', { body: 'text', headers: { 'X-A': '1' } }).addHeader('X-B', '2');
  const [{ request }] = session.batch([post.addTag('t', 'v')]);
  equal([request.body, request.headers['X-A'], request.headers['X-B']], ['text', ['1'], ['2']],
    'a request');
  equal(errors, [], 'a batch counts no errors');
  equal(session.execute(post).request.body, 'text', 'executed');
  session.get('/g', null, { expect: () => true });
  equal(errors, [true, false], 'errors');
  equal(session.lastRequestChainDuration >= 0, true, 'how long it took');
}

function described() {
  const reached = [];
  const passed = describe('all is well', () => {
    expect(1, 'one').to.equal(1);
    expect({ a: { b: [1] } }, 'object').to.have.nested.property('a.b[0]', 1);
    expect([1, 2], 'list').to.be.an('array').that.includes(2).and.has.lengthOf(2);
    expect('text', 'text').to.not.match(/^x/);
    reached.push(1);
  });
  const failed = describe('one fails', () => {
    expect(1, 'one').to.equal(2);
    reached.push(2);
  });
  equal([passed, failed, reached], [true, false, [1]], 'describe');
  equal(describe('an exception', () => { throw new Error('boom'); }), false, 'an exception');
  throws(() => expect(1, 'one').to.be.above(5), /^AssertionError: .*expected 1 to be above 5$/,
    'outside');
}

// The original throws if any of the built-in metrics is missing.
function report() {
  const html = htmlReport({
    metrics: {
      'a<b': { type: 'trend', contains: 'time', values: {},
        thresholds: { 'p(95)<1': { ok: false } } },
      http_reqs: { type: 'counter', contains: 'default', values: { count: 3, rate: 1 } },
    },
    root_group: { name: '', checks: [{ name: 'c', passes: 1, fails: 1 }], groups: [] },
    options: { summaryTrendStats: ['avg', 'p(95)'] },
    state: { testRunDurationMs: 1000 },
  }, { title: 'A <title>' });
  equal(/^\s*<!doctype html>/i.test(html), true, 'a page');
  equal([html.includes('A &lt;title&gt;'), html.includes('a&lt;b'), html.includes('a<b')],
    [true, true, false], 'escaped');
}

export const options = { iterations: 1 };

export default function () {
  equal(exec.vu.iterationInInstance, 0, 'once');
  tables();
  addresses();
  forms();
  parts();
  sessions();
  requests();
  described();
  if (isLoader) report();
  finished('jslib_others');
}

// k6/http: URLs, good and bad, and http.url.
import http from 'k6/http';
import { equal, finished, throws } from './assert.js';

const server = __ENV.SERVER;
const host = server.slice('http://'.length);

function refused() {
  for (const [url, text] of [
    ['http://a b/', 'invalid character " " in host name'], ['http://x^y/', 'invalid character "^" in host name'],
    ['http://[::1', "missing ']' in host"], ['http://x:abc/', 'invalid port ":abc" after host'],
    [':foo', 'missing protocol scheme'], ['http://%zz/', 'invalid URL escape "%zz"'],
    [`${server}/%zz`, 'invalid URL escape "%zz"'], ['http://u v@h/', 'net/url: invalid userinfo'],
  ]) {
    const { status, error, error_code: code, url: shown, body, request } = http.get(url);
    equal([status, error, code, shown, body, request], [0, `invalid URL: parse "${url}": ${text}`, 1020, '', [], null], url);
  }
  for (const [url, text] of [[5, '5'], [null, '<nil>'], [undefined, '<nil>'], [true, 'true'], [1.5, '1.5'],
    [{ a: 1 }, 'map[a:1]'], [[1, 'x'], '[1 x]']]) {
    const { error, error_code: code } = http.get(url);
    equal([error, code], [`invalid URL: '#${text}'`, 1020], `a URL that is ${String(url)}`);
  }
}

function unsupported() {
  for (const [url, text, expected = 1000] of [['a:b', 'unsupported protocol scheme "a"'], ['ftp://x/', 'unsupported protocol scheme "ftp"'],
    ['x', 'unsupported protocol scheme ""'], ['', 'unsupported protocol scheme ""'], ['/x', 'unsupported protocol scheme ""'],
    ['http:///x', 'http: no Host in request URL'],
    ['http://127.0.0.1:99999/x', 'dial tcp: address 99999: invalid port', 1210], ['http://[::1]:65536', 'dial tcp: address 65536: invalid port', 1210],
    ['http://127.0.0.1:0/', 'dial: connection refused', 1212], ['http://:80/', 'lookup: no such host', 1101]]) {
    const { status, error, error_code: code, url: shown, body, request } = http.get(url);
    equal([status, error, code, shown, body, request.url], [0, text, expected, url, null, url], `URL ${url}`);
  }
}

function odd() {
  const shown = (url) => {
    const { url: own, request, status } = http.get(url);
    return [own, request.url, status];
  };
  const same = (url, as) => equal(shown(url), [as, as, as.includes('/echo') ? 200 : 404], url);
  same(`${server}/ü`, `${server}/%C3%BC`);
  same(`${server}/a b(c)`, `${server}/a%20b%28c%29`);
  same(`${server}/a(b)[c]!*`, `${server}/a(b)[c]!*`);
  same(`HTTP://${host}/echo`, `${server}/echo`);
  same(server, server);
  same(`${server}?q`, `${server}?q`);
  same(`${server}/echo#part`, `${server}/echo#part`);
  equal(http.get(`${server}/echo?a=1#part`).json('target'), '/echo?a=1', 'the fragment is not sent');
}

function raw() {
  for (const query of ['?a=b|c', '?a="x"<y>', '?a=^`{}', '?a=%zz%', '?a=[1]', '?a=\\', '?a=%C3%A9+%20', '?']) {
    const { url, request, body } = http.get(`${server}/echo${query}`);
    equal([url, request.url, JSON.parse(body).target],
      [`${server}/echo${query}`, `${server}/echo${query}`, `/echo${query}`], `${query} is sent as it is`);
  }
  // A server that reads its request line to the first space takes what is behind it for the version.
  equal(http.get(`${server}/echo?a=b c`).status, 400, 'a space is one on the wire');
  equal(http.get(`${server}/echo?a=ü`).request.url, `${server}/echo?a=ü`, 'beyond ASCII');
  equal(http.get(`${server}/echo?a=\ud800`).url, `${server}/echo?a=\ufffd`, 'a lone surrogate');
  equal(http.get(`${server}/echo/[1]`).request.url, `${server}/echo/[1]`, 'brackets in a path');
  equal(http.get(`${server}/echo/a%2Fb ü`).json('target'), '/echo/a/b%20%C3%BC', 'a path that is encoded anew');
  for (const [fragment, shown] of [['#a b%41', '#a%20bA'], ["#it's!()*[]?/", "#it's!()*[]?/"], ['#a#b', '#a%23b'], ['#', '']]) {
    equal(http.get(`${server}/echo${fragment}`).url, `${server}/echo${shown}`, fragment);
  }
  equal(http.get(`${server}/echo#%zz`).error, `invalid URL: parse "${server}/echo#%zz": invalid URL escape "%zz"`, 'fragment');
  const jar = http.cookieJar();
  for (const url of [`${server}/echo?a b|`, `http://u:p@${host}/ü/`]) {
    jar.set(url, 'n', 'v');
    equal(jar.cookiesForURL(url), { n: ['v'] }, `a cookie of ${url}`);
    jar.clear(url);
  }
}

function userInfo() {
  const basic = (info) => {
    const response = http.get(`http://${info}@${host}/echo`);
    equal([response.url, response.request.url], [`http://${info}@${host}/echo`, `http://${info}@${host}/echo`], info);
    equal(response.request.headers.Authorization, undefined, 'not among the headers that are shown');
    return response.json().headers.find(([name]) => name === 'Authorization')[1];
  };
  equal(basic('u:p'), 'Basic dTpw', 'user and password');
  equal(basic('u'), 'Basic dTo=', 'user');
  equal(basic('u%20x:p%3A'), 'Basic dSB4OnA6', 'decoded');
  const own = http.get(`http://u:p@${host}/echo`, { headers: { authorization: 'mine' } });
  equal(own.json().headers.find(([name]) => name === 'Authorization')[1], 'mine', 'a given header wins');
}

function templates() {
  const url = http.url`http://h/e?x=${7}&y=${'z'}`;
  equal([url.name, url.url, url.clean_url],
    ['http://h/e?x=${}&y=${}', 'http://h/e?x=7&y=z', 'http://h/e?x=7&y=z'], 'template');
  const plain = http.url`http://u@x/`;
  equal([plain.name, plain.url, plain.clean_url], ['http://****@x/', 'http://u@x/', 'http://****@x/'], 'without a hole');
  equal(http.url`http://u:p@x/${1}`.clean_url, 'http://****:****@x/1', 'hidden password');
  throws(() => http.url`http://a b/${1}`,
    'GoError: invalid URL: parse "http://a b/1": invalid character " " in host name', 'bad');
  const response = http.get(http.url`${server}/echo?${1}`);
  equal([response.url, response.json('target')], [`${server}/echo?1`, '/echo?1'], 'sent');
}

export default function () {
  refused();
  unsupported();
  odd();
  raw();
  userInfo();
  templates();
  finished('http_url');
}

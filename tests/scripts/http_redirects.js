// k6/http: redirects.
import http from 'k6/http';
import { equal, finished } from './assert.js';

const server = __ENV.SERVER;
const to = (count, rest = '') => `${server}/redirect/${count}?to=/echo${rest}`;

function followed() {
  const response = http.get(to(3));
  equal([response.status, response.url, response.request.url], [200, `${server}/echo`, to(3)], 'followed');
  const post = http.post(to(1), 'abc', { headers: { 'x-y': 'z' } });
  const { method, body, headers } = post.json();
  equal([method, body, post.request.method, post.request.body], ['GET', '', 'POST', 'abc'], 'a POST becomes a GET');
  const field = (name) => (headers.find(([key]) => key === name) || [])[1];
  equal([field('X-Y'), field('Referer'), field('Content-Length')], ['z', to(1), undefined], 'its headers');
  for (const [status, kept] of [[301, false], [303, false], [307, true], [308, true]]) {
    const next = http.post(to(1, `&status=${status}`), 'abc').json();
    equal([next.method, next.body], kept ? ['POST', 'abc'] : ['GET', ''], `status ${status}`);
  }
}

function nowhere() {
  const response = http.get(`${server}/redirect/1?to=http://127.0.0.1:1/x`);
  equal([response.error, response.error_code], ['dial: connection refused', 1212], 'as of the URL itself');
}

function limited() {
  const at = (redirects) => {
    const response = http.get(to(3), { redirects });
    return [response.status, response.url.replace(/[?].*/, '').slice(server.length)];
  };
  for (const none of [0, -1, null, NaN, undefined]) equal(at(none), [302, '/redirect/3'], `redirects: ${none}`);
  equal(at(1), [302, '/redirect/2'], 'redirects: 1');
  equal(at('1'), [302, '/redirect/2'], "redirects: '1'");
  equal(at(2.7), [302, '/redirect/1'], 'redirects: 2.7');
  equal(at(3), [200, '/echo'], 'redirects: 3');
  const long = http.get(to(12));
  equal([long.status, long.url.slice(server.length, server.length + 11)], [302, '/redirect/2'], 'ten by default');
  equal(long.headers.Location, '/redirect/1?to=%2Fecho&status=302', 'the last answer');
}

export default function () {
  followed();
  nowhere();
  limited();
  finished('http_redirects');
}

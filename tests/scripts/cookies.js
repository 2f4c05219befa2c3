// k6/http: cookies of responses, of requests, and jars.
import http from 'k6/http';
import { equal, finished, throws } from './assert.js';

const server = __ENV.SERVER;
const echo = `${server}/echo`;

// The Cookie header that came, as a sorted list: k6 sends those of `params.cookies` in any order.
function sent(params, url = echo) {
  const field = http.get(url, params).json().headers.find(([name]) => name === 'Cookie');
  return field === undefined ? [] : field[1].split('; ').sort();
}

throws(() => http.cookieJar(), 'GoError: Making cookie jars in the init context is not supported', 'cookieJar in init');
const early = new http.CookieJar();

function ofResponses() {
  const set = (field) => `Set-Cookie=${encodeURIComponent(field)}`;
  const fields = ['c1=v1; Path=/; Max-Age=10', 'c1=v2', 'c2="q"; HttpOnly; Secure; Domain=x.y; ' +
    'Expires=Mon, 02-Jan-2034 15:04:05 GMT', 'gone=x; max-age=0', 'no cookie', 'bad name=x'];
  const response = http.get(`${server}/headers?${fields.map(set).join('&')}`, { jar: early });
  equal(response.headers['Set-Cookie'], fields.join(', '), 'the header');
  const cookie = (name, value, rest) => ({ name, value, domain: '', path: '', http_only: false, secure: false, max_age: 0,
    expires: -6795364578871, ...rest });
  equal(response.cookies, {
    c1: [cookie('c1', 'v1', { path: '/', max_age: 10 }), cookie('c1', 'v2')],
    c2: [cookie('c2', 'q', { http_only: true, secure: true, domain: 'x.y', expires: 2019827045000 })],
    gone: [cookie('gone', 'x', { max_age: -1 })],
  }, 'cookies');
  equal(http.get(echo).cookies, {}, 'none');
}

function ofRequests() {
  equal(sent({ cookies: { a: 'x', b: { value: 'y' }, c: 5, d: null, e: undefined, f: true } }), ['a=x', 'b=y', 'c=5', 'f=true'],
    'values');
  equal(sent({ cookies: { a: 'b c', d: 'e,f', g: 'h;i"j' } }), ['a="b c"', 'd="e,f"', 'g=hij'], 'what is quoted or dropped');
  const { request } = http.get(echo, { cookies: { a: 'b c' }, headers: { Cookie: 'own="1"' } });
  equal(request.headers.Cookie, ['own="1"; a="b c"'], 'with a header');
  equal(request.cookies, { own: [{ name: 'own', value: '1', replace: false }],
    a: [{ name: 'a', value: 'b c', replace: false }] }, 'request.cookies');
}

function jars() {
  const jar = new http.CookieJar();
  equal(jar.set(server, 'a', 'b'), true, 'set');
  jar.set(server, 'deep', 'x', { path: '/echo/deep' });
  jar.set(server, 'safe', 'x', { secure: true });
  jar.set(server, 'other', 'x', { domain: 'example.com' });
  jar.set(server, 'old', 'x', { expires: 'Mon, 02 Jan 2006 15:04:05 MST' });
  jar.set(server, 'short', 'x', { max_age: -1 });
  jar.set(server, 'long', 'y', { max_age: 100, expires: 'Mon, 02 Jan 2034 15:04:05 GMT', http_only: true });
  equal(jar.cookiesForURL(echo), { a: ['b'], long: ['y'] }, 'cookiesForURL');
  equal(jar.cookiesForURL(`${echo}/deep/er`), { deep: ['x'], a: ['b'], long: ['y'] }, 'below a path');
  equal(sent({ jar }), ['a=b', 'long=y'], 'sent');
  equal(sent({ jar, cookies: { a: 'c', n: 1 } }), ['a=b', 'a=c', 'long=y', 'n=1'], 'with others');
  equal(sent({ jar, cookies: { a: { value: 'c', replace: true } } }), ['a=c', 'long=y'], 'replaced');
  equal(sent({}), [], 'of no other jar');
  equal(jar.delete(server, 'a'), undefined, 'delete');
  equal(jar.cookiesForURL(echo), { long: ['y'] }, 'deleted');
  equal(jar.clear(server), undefined, 'clear');
  equal(jar.cookiesForURL(echo), {}, 'cleared');
}

function refused() {
  const jar = new http.CookieJar();
  const layout = 'Mon, 02 Jan 2006 15:04:05 MST';
  const date = (expires) => () => jar.set(server, 'a', 'b', { expires });
  throws(date('xyz'), `GoError: unable to parse "expires" date string "xyz": parsing time "xyz" as "${layout}": ` +
    'cannot parse "xyz" as "Mon"', 'no date');
  throws(date('Mon, 02 Jan 2034'), 'GoError: unable to parse "expires" date string "Mon, 02 Jan 2034": parsing time ' +
    `"Mon, 02 Jan 2034" as "${layout}": cannot parse "" as "15"`, 'half a date');
  equal(date('')(), true, 'no date at all');
  throws(() => jar.set('http://a b', 'a', 'b'), 'GoError: parse "http://a b": invalid character " " in host name', 'bad URL');
  throws(() => jar.delete(server, ''), 'GoError: cookie: is null', 'delete without a name');
}

function ofVu() {
  const jar = http.cookieJar();
  http.get(`${server}/headers?Set-Cookie=got%3D1`);
  jar.set(server, 'own', '2');
  equal(http.cookieJar().cookiesForURL(server), { got: ['1'], own: ['2'] }, 'one jar');
  equal(sent({}), ['got=1', 'own=2'], 'of which all requests take');
  equal(sent({ cookies: {} }, `${server}/redirect/1?to=/echo&cookie=on%3Dway;+Path%3D/`), ['got=1', 'on=way', 'own=2'], 'of a redirect');
  const own = { own: { value: '3', replace: true }, more: '4' };
  equal(sent({ cookies: own }, `${server}/redirect/1?to=/echo`), ['got=1', 'more=4', 'on=way', 'own=3'], 'own ones go along');
  http.get(`${server}/headers?Set-Cookie=late%3D5`, { cookies: own });
  equal(jar.cookiesForURL(server).late, ['5'], 'and do not keep the jar from taking what is set');
  equal(sent({ jar: new http.CookieJar() }), [], 'another jar');
  equal(sent({ jar: null }).length, 4, 'jar: null');
  jar.clear(server);
}

export const options = { scenarios: { twice: { executor: 'per-vu-iterations', vus: 1, iterations: 2 } } };

export default function () {
  equal(http.cookieJar().cookiesForURL(server), {}, 'an iteration begins with an empty jar');
  if (__ITER === 1) {
    finished('cookies');
    return;
  }
  ofResponses();
  ofRequests();
  jars();
  refused();
  ofVu();
  http.cookieJar().set(server, 'left', 'over');
}

// k6/http: bodies of requests.
import http from 'k6/http';
import { equal, finished, isLoader, throws } from './assert.js';

const echo = `${__ENV.SERVER}/echo`;
const post = (body, params) => http.post(echo, body, params);
const body = (given) => post(given).json().body;
const contentType = (response) => (response.json().headers.find(([name]) => name === 'Content-Type') || [])[1];

function bytes() {
  equal(body('ü'), 'ü', 'text is UTF-8');
  equal(body(''), '', 'an empty text');
  const data = new Uint8Array([1, 2, 3, 255]);
  equal(post(data.buffer).json().base64, 'AQID/w==', 'ArrayBuffer');
  equal(post(data).json().base64, 'AQID/w==', 'Uint8Array');
  equal(post(data.subarray(1)).json().base64, 'AgP/', 'a part of a buffer');
  equal(body(new Uint8ClampedArray([65])), 'A', 'Uint8ClampedArray');
  equal(contentType(post(data)), undefined, 'no content type');
}

// response.request has what was sent, whatever the script has made of its buffer since.
function sentBytes() {
  const data = new Uint8Array([97, 98, 99, 100]);
  const given = [data.buffer, data, data.subarray(1, 3), new Uint8ClampedArray(data.buffer)];
  const responses = [...given.map((each) => post(each)), ...http.batch(given.map((each) => ['POST', echo, each]))];
  data.fill(120);
  equal(responses.map((response) => response.request.body), ['abcd', 'abcd', 'bc', 'abcd', 'abcd', 'abcd', 'bc', 'abcd'],
    'request.body of bytes');
  equal(responses.map((response) => response.json().body), responses.map((response) => response.request.body), 'as sent');
  // Long ones, of which the same are kept once.
  const long = new Uint8Array(1000);
  const texts = ['a', 'a', 'b', 'b', 'a'].map((letter) => {
    long.fill(letter.charCodeAt(0));
    return post(letter === 'b' ? long.buffer : long);
  }).map((response) => [response.request.body, response.request.body === response.json().body]);
  long.fill(120);
  equal(texts, ['a', 'a', 'b', 'b', 'a'].map((letter) => [letter.repeat(1000), true]), 'request.body of many bytes');
}

function refused() {
  const error = (given) => {
    const response = post(given);
    return [response.status, response.error, response.error_code, response.body, response.url];
  };
  for (const [given, type] of [
    [[1], '[]interface {}'], [5, 'int64'], [5.5, 'float64'], [true, 'bool'], [new Date(0), 'time.Time'],
    [new Map(), '[][2]interface {}'], [new Uint16Array(1), '[]uint16'], [new Float64Array(1), '[]float64'],
    [() => 1, 'func(sobek.FunctionCall) sobek.Value'], [http.file('x'), '*http.FileData'],
    [new http.CookieJar(), '*http.CookieJar'], [http.url`http://x`, 'httpext.URL'],
  ]) {
    equal(error(given), [0, `unknown request body type ${type}`, 0, [], ''], `a body of type ${type}`);
  }
}

function forms() {
  const form = post({ z: 1, a: 'b c', arr: [1, 2, 'x&y'], t: true, f: 1.5 });
  equal(form.json().body, 'a=b+c&arr=1&arr=2&arr=x%26y&f=1.5&t=true&z=1', 'a form');
  equal(contentType(form), 'application/x-www-form-urlencoded', 'its content type');
  equal(contentType(post({ a: 1 }, { headers: { 'content-type': 'x/y' } })), 'x/y', 'a given content type wins');
  equal(form.request.body, 'a=b+c&arr=1&arr=2&arr=x%26y&f=1.5&t=true&z=1', 'request.body');
  equal(body({ q: "é'()*!~-_." }), 'q=%C3%A9%27%28%29%2A%21~-_.', 'escapes');
  equal(body({ 'a b': '', c: 'x y+z' }), 'a+b=&c=x+y%2Bz', 'spaces and plus signs');
  equal(body({ a: 1234567.5, b: 1e21, c: 1e-7, d: 123456789, e: 0.0001, f: 12345678912345678 }),
    'a=1.2345675e%2B06&b=1e%2B21&c=1e-07&d=123456789&e=0.0001&f=1.2345678912345678e%2B16', 'numbers as Go writes them');
  equal(body({ a: -0, b: NaN, c: Infinity, d: -Infinity }), 'a=-0&b=NaN&c=%2BInf&d=-Inf', 'odd numbers');
  equal(body({ d: new Date(0) }), 'd=1970-01-01+00%3A00%3A00+%2B0000+UTC', 'a date');
  // v1 writes "<nil>", "map[k:1]".
  if (isLoader) {
    equal(body({ n: null, u: undefined, o: { k: 1 }, l: [[1], { k: 1 }, 2] }), 'l=&l=&l=2&n=&o=&u=',
      'null, undefined and what is nested');
  }
}

function multipart() {
  const response = post({ f: http.file('data', 'a"b\\c.txt', 'text/plain'), 'n"': 7 });
  const type = contentType(response);
  equal(/^multipart\/form-data; boundary=[0-9a-f]{60}$/.test(type), true, 'content type');
  const boundary = type.slice(type.indexOf('=') + 1);
  const parts = response.json().body.split(`--${boundary}`);
  equal([parts[0], parts[3]], ['', '--\r\n'], 'boundaries');
  equal(parts.slice(1, 3).sort(), [
    '\r\nContent-Disposition: form-data; name="f"; filename="a\\"b\\\\c.txt"\r\nContent-Type: text/plain\r\n\r\ndata\r\n',
    '\r\nContent-Disposition: form-data; name="n\\""\r\n\r\n7\r\n',
  ], 'parts');
  const binary = post({ f: http.file(new Uint8Array([0, 255]).buffer, 'n') }).json();
  equal(typeof binary.base64, 'string', 'a part of bytes');
}

function files() {
  const file = http.file('a', 'b');
  equal([file.data, file.filename, file.content_type], ['a', 'b', 'application/octet-stream'], 'file');
  equal(/^[0-9]{19}$/.test(http.file('a').filename), true, 'the default name is the time in nanoseconds');
  for (const [given, type] of [[5, 'int64'], [null, '<nil>'], [[1], '[]interface {}'], [new Uint8Array(1), '[]uint8']]) {
    throws(() => http.file(given), `GoError: invalid type ${type}, expected string or ArrayBuffer`, `file of ${type}`);
  }
}

export default function () {
  bytes();
  sentBytes();
  refused();
  forms();
  multipart();
  files();
  finished('http_bodies');
}

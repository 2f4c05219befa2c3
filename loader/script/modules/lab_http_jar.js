'use strict';
// http.CookieJar and http.cookieJar(): a jar lives in the host, under a number.

const { GoError } = require('lab:errors');
const { goString } = require('lab:go_string');
const { Problem } = require('lab:http_problem');
const { placeOf } = require('lab:http_url');
const { dateProblem, parseDate } = require('lab:http_cookie');

// What Go would leave out of a Cookie header when it sends one, and what would end a field's value.
function cookieText(value) {
  return goString(value).replace(/[^\x20\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]/g, '');
}

function checkedUrl(url) {
  try {
    return placeOf(goString(url));
  } catch (problem) {
    throw problem instanceof Problem ? new GoError(problem.text) : problem;
  }
}

function expiresField(text) {
  if (text === '') return '';
  const problem = dateProblem(text);
  if (problem !== '') {
    throw new GoError(`unable to parse "expires" date string "${text}": ${problem}`);
  }
  const at = parseDate(text);
  return '; Expires=' + new Date(at).toUTCString();
}

function attributeField(name, value) {
  switch (name.toLowerCase()) {
    case 'path': return '; Path=' + cookieText(value);
    case 'domain': return '; Domain=' + cookieText(value);
    case 'expires': return expiresField(String(value));
    case 'max_age': {
      const seconds = Math.trunc(Number(value)) || 0;
      return seconds === 0 ? '' : '; Max-Age=' + seconds;
    }
    case 'secure': return value ? '; Secure' : '';
    case 'http_only': return value ? '; HttpOnly' : '';
    default: return '';
  }
}

const kNotMade = -2;

class CookieJar {
  #id;

  constructor(id) {
    this.#id = id;
  }

  // The host makes a jar when it is first used: in the init context there is no virtual user yet.
  static idOf(jar) {
    if (jar.#id === kNotMade) jar.#id = native.jarNew();
    return jar.#id;
  }

  cookiesForURL(url) {
    const pairs = native.jarGet(CookieJar.idOf(this), checkedUrl(url));
    const cookies = {};
    for (let i = 0; i < pairs.length; i += 2) {
      if (!Object.prototype.hasOwnProperty.call(cookies, pairs[i])) cookies[pairs[i]] = [];
      cookies[pairs[i]].push(pairs[i + 1]);
    }
    return cookies;
  }

  set(url, name, value, options) {
    const target = checkedUrl(url);
    let field = cookieText(name) + '=' + cookieText(value);
    if (options !== null && options !== undefined) {
      for (const key of Object.keys(options)) field += attributeField(key, options[key]);
    }
    native.jarSet(CookieJar.idOf(this), target, field);
    return true;
  }

  clear(url) {
    native.jarClear(CookieJar.idOf(this), checkedUrl(url));
  }

  delete(url, name) {
    if (goString(name) === '') throw new GoError('cookie: is null');
    native.jarDelete(CookieJar.idOf(this), checkedUrl(url), goString(name));
  }
}

/// A script's `new http.CookieJar()`; its arguments count for nothing.
class NewCookieJar extends CookieJar {
  constructor() {
    super(kNotMade);
  }
}
// To a script there is one class.
Object.defineProperty(NewCookieJar, 'name', { value: 'CookieJar' });
NewCookieJar.prototype.constructor = NewCookieJar;

/// http.cookieJar(): that of the virtual user, which the host has under 0.
function vuCookieJar() {
  if (native.phase === 0) {
    throw new GoError('Making cookie jars in the init context is not supported');
  }
  return new CookieJar(0);
}

exports.CookieJar = CookieJar;
exports.NewCookieJar = NewCookieJar;
exports.vuCookieJar = vuCookieJar;

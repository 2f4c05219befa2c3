'use strict';
// url of k6's library site: URL and URLSearchParams by the URL standard (url.spec.whatwg.org). Of
// schemes other than http, https, ws, wss and ftp the hosts are not looked at.

const percent = require('lab:percent');
const { specialHost } = require('lab:url_host');
const { URLSearchParams } = require('lab:url_search');

const { sets } = percent;
const defaultPorts = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21' };

function isSpecial(scheme) {
  return Object.prototype.hasOwnProperty.call(defaultPorts, scheme);
}

// Text before the first of some separators, and from there on.
function splitAt(text, separators) {
  const at = text.search(separators);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

// {host, port} of "host:8080" for a scheme; null if invalid.
function hostAndPort(text, scheme) {
  const match = /^(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/.exec(text);
  if (match === null) return null;
  const host = isSpecial(scheme) ? specialHost(match[1]) : opaqueHost(match[1]);
  const port = match[2] === undefined || match[2] === '' ? '' : String(Number(match[2]));
  if (host === null || port > 65535) return null;
  return { host, port: port === defaultPorts[scheme] ? '' : port };
}

function opaqueHost(text) {
  return /[\x00\t\n\r #/<>?@\\^|]/.test(text) ? null : percent.encoded(text, sets.c0);
}

// Username, password, host and port of "user:pass@host:8080"; null if invalid.
function authorityOf(text, scheme) {
  const at = text.lastIndexOf('@');
  const [user, password] = splitAt(at < 0 ? '' : text.slice(0, at), /:/);
  const place = hostAndPort(text.slice(at + 1), scheme);
  const needsHost = isSpecial(scheme) || at >= 0;
  if (place === null || (place.host === '' && (needsHost || place.port !== ''))) return null;
  return { ...place, username: percent.encoded(user, sets.userinfo),
    password: percent.encoded(password.slice(1), sets.userinfo) };
}

function isSingleDot(segment) {
  return /^(\.|%2e)$/i.test(segment);
}

function isDoubleDot(segment) {
  return /^(\.|%2e){2}$/i.test(segment);
}

// The segments of a path, after those of `base`, without dots.
function segmentsOf(path, base, scheme) {
  const segments = base.slice();
  const parts = path.split(isSpecial(scheme) ? /[/\\]/ : '/');
  parts.forEach((part, i) => {
    const isLast = i === parts.length - 1;
    if (isDoubleDot(part)) {
      segments.pop();
      if (isLast) segments.push('');
    } else if (isSingleDot(part)) {
      if (isLast) segments.push('');
    } else {
      segments.push(percent.encoded(part, sets.path));
    }
  });
  return segments;
}

function encodedQuery(text, scheme) {
  return percent.encoded(text, isSpecial(scheme) ? sets.specialQuery : sets.query);
}

// A URL's record: scheme with ':', authority fields, path (segments, or a text if opaque), and
// query and fragment (null if there is none).
function recordOf(scheme, authority, path, rest) {
  const record = { scheme, username: '', password: '', host: null, port: '', ...authority, path,
    query: null, fragment: null };
  const [search, hash] = splitAt(rest, /#/);
  if (search !== '') record.query = encodedQuery(search.slice(1), scheme);
  if (hash !== '') record.fragment = percent.encoded(hash.slice(1), sets.fragment);
  return record;
}

function parsedAuthority(scheme, text) {
  const [authorityText, after] = splitAt(text, isSpecial(scheme) ? /[/\\?#]/ : /[/?#]/);
  const authority = authorityOf(authorityText, scheme);
  if (authority === null) return null;
  const [path, rest] = splitAt(after, /[?#]/);
  const segments = path === '' ? (isSpecial(scheme) ? [''] : [])
    : segmentsOf(path.slice(1), [], scheme);
  return recordOf(scheme, authority, segments, rest);
}

function authorityFields(record) {
  const { username, password, host, port } = record;
  return { username, password, host, port };
}

function parsedRelative(text, base) {
  const { scheme } = base;
  const slashes = isSpecial(scheme) ? /^[/\\]{2}/ : /^\/{2}/;
  if (slashes.test(text)) {
    return parsedAuthority(scheme, text.replace(isSpecial(scheme) ? /^[/\\]+/ : /^\/\//, ''));
  }
  const [path, rest] = splitAt(text, /[?#]/);
  if (path === '') {
    const record = recordOf(scheme, authorityFields(base), base.path.slice(), rest);
    if (!rest.startsWith('?')) record.query = base.query;
    return record;
  }
  const isAbsolute = path[0] === '/' || (isSpecial(scheme) && path[0] === '\\');
  const segments = isAbsolute ? segmentsOf(path.slice(1), [], scheme)
    : segmentsOf(path, base.path.slice(0, -1), scheme);
  return recordOf(scheme, authorityFields(base), segments, rest);
}

function parsedOpaque(scheme, text) {
  const [path, rest] = splitAt(text, /[?#]/);
  if (path[0] === '/') return recordOf(scheme, {}, segmentsOf(path.slice(1), [], scheme), rest);
  return recordOf(scheme, {}, percent.encoded(path, sets.c0), rest);
}

// The record of a URL; null if it is invalid.
function parsedUrl(input, base) {
  const text = input.replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const match = /^([a-z][a-z0-9+.-]*:)(.*)$/is.exec(text);
  if (match !== null) {
    const scheme = match[1].toLowerCase();
    const rest = match[2];
    if (!isSpecial(scheme)) {
      return rest.startsWith('//') ? parsedAuthority(scheme, rest.slice(2))
        : parsedOpaque(scheme, rest);
    }
    const isRelative = base !== null && base.scheme === scheme && !rest.startsWith('//');
    return isRelative ? parsedRelative(rest, base)
      : parsedAuthority(scheme, rest.replace(/^[/\\]+/, ''));
  }
  if (base === null) return null;
  if (typeof base.path !== 'string') return parsedRelative(text, base);
  if (!text.startsWith('#')) return null;
  return { ...base, fragment: percent.encoded(text.slice(1), sets.fragment) };
}

function pathText(record) {
  if (typeof record.path === 'string') return record.path;
  return record.path.map((segment) => '/' + segment).join('');
}

function hostText(record) {
  return (record.host || '') + (record.port === '' ? '' : ':' + record.port);
}

function urlText(record) {
  let text = record.scheme;
  if (record.host !== null) {
    text += '//';
    if (record.username !== '' || record.password !== '') {
      text += record.username + (record.password === '' ? '' : ':' + record.password) + '@';
    }
    text += hostText(record);
  }
  return text + pathText(record) + (record.query === null ? '' : '?' + record.query) +
    (record.fragment === null ? '' : '#' + record.fragment);
}

function recordOrThrow(input, base) {
  const baseRecord = base === undefined ? null : parsedUrl(String(base), null);
  const record = base !== undefined && baseRecord === null ? null
    : parsedUrl(String(input), baseRecord);
  if (record === null) throw new TypeError('Invalid URL: ' + input);
  return record;
}

class URL {
  #record;
  #searchParams = null;

  constructor(input, base) { this.#record = recordOrThrow(input, base); }

  static canParse(input, base) {
    try {
      recordOrThrow(input, base);
      return true;
    } catch (error) {
      return false;
    }
  }

  // Takes fields over if a new host or port is valid and the URL has a host at all.
  #setPlace(text) {
    if (this.#record.host === null) return;
    const place = hostAndPort(text, this.#record.scheme);
    if (place !== null && place.host !== '') Object.assign(this.#record, place);
  }

  #withPort(host) {
    return host + (this.#record.port === '' ? '' : ':' + this.#record.port);
  }

  #setQuery(query) {
    this.#record.query = query;
    if (this.#searchParams !== null) URLSearchParams.replace(this.#searchParams, query || '');
  }

  get href() { return urlText(this.#record); }
  set href(value) {
    this.#record = recordOrThrow(value);
    this.#setQuery(this.#record.query);
  }

  get origin() {
    const { scheme } = this.#record;
    return isSpecial(scheme) ? scheme + '//' + hostText(this.#record) : 'null';
  }

  get protocol() { return this.#record.scheme; }
  set protocol(value) {
    const scheme = String(value).toLowerCase().replace(/:.*$/s, '') + ':';
    if (!/^[a-z][a-z0-9+.-]*:$/.test(scheme)) return;
    if (isSpecial(scheme) !== isSpecial(this.#record.scheme)) return;
    this.#record.scheme = scheme;
    if (this.#record.port === defaultPorts[scheme]) this.#record.port = '';
  }

  get username() { return this.#record.username; }
  set username(value) {
    if (this.#record.host) this.#record.username = percent.encoded(String(value), sets.userinfo);
  }

  get password() { return this.#record.password; }
  set password(value) {
    if (this.#record.host) this.#record.password = percent.encoded(String(value), sets.userinfo);
  }

  get host() { return hostText(this.#record); }
  set host(value) {
    const text = splitAt(String(value), /[/\\?#]/)[0].replace(/:$/, '');
    this.#setPlace(/^(\[[^\]]*\]|[^:]*)$/.test(text) ? this.#withPort(text) : text);
  }

  get hostname() { return this.#record.host || ''; }
  set hostname(value) {
    const text = splitAt(String(value), /[/\\?#]/)[0];
    if (text.includes(':') && !text.startsWith('[')) return;
    this.#setPlace(this.#withPort(text));
  }

  get port() { return this.#record.port; }
  set port(value) {
    const digits = /^[0-9]*/.exec(String(value))[0];
    if (!this.#record.host || (digits === '' && String(value) !== '') || digits > 65535) return;
    const port = digits === '' ? '' : String(Number(digits));
    this.#record.port = port === defaultPorts[this.#record.scheme] ? '' : port;
  }

  get pathname() { return pathText(this.#record); }
  set pathname(value) {
    if (typeof this.#record.path === 'string') return;
    const { scheme } = this.#record;
    const text = String(value).replace(/\?/g, '%3F').replace(/#/g, '%23');
    this.#record.path = segmentsOf(text.replace(isSpecial(scheme) ? /^[/\\]/ : /^\//, ''), [],
      scheme);
  }

  get search() { return this.#record.query ? '?' + this.#record.query : ''; }
  set search(value) {
    const text = String(value);
    this.#setQuery(text === '' ? null
      : encodedQuery(text.replace(/^\?/, '').replace(/#/g, '%23'), this.#record.scheme));
  }

  get searchParams() {
    if (this.#searchParams === null) {
      this.#searchParams = URLSearchParams.ofUrl(this.#record.query || '', (query) => {
        this.#record.query = query === '' ? null : query;
      });
    }
    return this.#searchParams;
  }

  get hash() { return this.#record.fragment ? '#' + this.#record.fragment : ''; }
  set hash(value) {
    const text = String(value);
    this.#record.fragment = text === '' ? null
      : percent.encoded(text.replace(/^#/, ''), sets.fragment);
  }

  toString() { return this.href; }
  toJSON() { return this.href; }
}

exports.URL = URL;
exports.URLSearchParams = URLSearchParams;

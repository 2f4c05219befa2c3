'use strict';
// URLs as Go's net/url reads them: what is wrong with one, its user info, and its form in tags.

const { Problem } = require('lab:http_problem');
const { GoError } = require('lab:errors');
const { goString } = require('lab:go_string');

const kInvalidUrl = 1020;

const kHostOdd = /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\u0080-\uffff]/;
const kBadEscape = /%(?![0-9A-Fa-f]{2})[\s\S]{0,2}/;
const kUserInfo = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
// What makes one odd, and what is plain in one that is encoded anew.
const kPath = { odd: /[^A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/%]/, plain: /[A-Za-z0-9\-_.~$&+,/:;=@]/ };
const kFragment = { odd: /[^A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/?%]/, plain: /[A-Za-z0-9\-_.~$&+,/:;=@?!()*]/ };

/// http.url`...`: a URL and the name under which it is counted.
class HttpUrl {
  constructor(name, url, cleanUrl) {
    this.name = name;
    this.url = url;
    this.clean_url = cleanUrl;
  }
}

function fail(text, url) {
  throw new Problem(`parse ${JSON.stringify(url)}: ${text}`, kInvalidUrl);
}

function splitScheme(url) {
  const at = url.search(/[^A-Za-z0-9+.-]/);
  if (at === 0 && url[0] === ':') fail('missing protocol scheme', url);
  if (at > 0 && url[at] === ':' && /^[A-Za-z]/.test(url)) {
    return [url.slice(0, at).toLowerCase(), url.slice(at + 1)];
  }
  return ['', url];
}

function checkEscapes(text, url) {
  const escape = kBadEscape.exec(text);
  if (escape !== null) fail(`invalid URL escape ${JSON.stringify(escape[0])}`, url);
}

function checkHost(host, url) {
  checkEscapes(host, url);
  const odd = kHostOdd.exec(host);
  if (odd !== null) fail(`invalid character ${JSON.stringify(odd[0])} in host name`, url);
  let port = '';
  if (host[0] === '[') {
    const end = host.lastIndexOf(']');
    if (end === -1) fail("missing ']' in host", url);
    port = host.slice(end + 1);
  } else if (host.includes(':')) {
    port = host.slice(host.lastIndexOf(':'));
  }
  if (!/^(:[0-9]*)?$/.test(port)) fail(`invalid port ${JSON.stringify(port)} after host`, url);
}

function encodeByte(text) {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());
}

// As Go's EscapedPath and EscapedFragment: one with anything odd is decoded and encoded anew, all of it.
function encodeLike(rules, text) {
  if (!rules.odd.test(text)) return text;
  return text.replace(/%[0-9A-Fa-f]{2}|[^%]/gu, (part) => {
    if (part[0] !== '%') return rules.plain.test(part) ? part : encodeByte(part);
    const c = String.fromCharCode(parseInt(part.slice(1), 16));
    return rules.plain.test(c) ? c : part.toUpperCase();
  });
}

// As Go writes user info.
function encodeUserInfo(parsed) {
  const encode = (text) => text.replace(/[^A-Za-z0-9\-_.~$&+,;=]+/g, encodeByte);
  return encode(parsed.user) + (parsed.password === null ? '' : ':' + encode(parsed.password));
}

function decodeUserInfo(text) {
  try {
    return decodeURIComponent(text);
  } catch (_) {
    return text;
  }
}

function readAuthority(parsed, authority, url) {
  const at = authority.lastIndexOf('@');
  parsed.host = authority.slice(at + 1);
  if (at !== -1) {
    const info = authority.slice(0, at);
    if (!kUserInfo.test(info)) fail('net/url: invalid userinfo', url);
    const colon = info.indexOf(':');
    parsed.user = decodeUserInfo(colon === -1 ? info : info.slice(0, colon));
    if (colon !== -1) parsed.password = decodeUserInfo(info.slice(colon + 1));
  }
  checkHost(parsed.host, url);
}

/// Takes a URL apart. Throws a Problem in Go's words if it is malformed.
function parseUrl(url) {
  if (/[\x00-\x1f\x7f]/.test(url)) fail('net/url: invalid control character in URL', url);
  const hash = url.indexOf('#');
  const fragment = hash === -1 ? '' : url.slice(hash + 1);
  const [scheme, afterScheme] = splitScheme(hash === -1 ? url : url.slice(0, hash));
  const mark = afterScheme.indexOf('?');
  const query = mark === -1 ? '' : afterScheme.slice(mark);
  let path = mark === -1 ? afterScheme : afterScheme.slice(0, mark);
  const parsed = { scheme, user: null, password: null, host: '', path: '', query, fragment: '',
    hasAuthority: path.startsWith('//') };
  if (parsed.hasAuthority) {
    const slash = path.indexOf('/', 2);
    readAuthority(parsed, slash === -1 ? path.slice(2) : path.slice(2, slash), url);
    path = slash === -1 ? '' : path.slice(slash);
  } else if (scheme === '' && path[0] !== '/' && path.split('/', 1)[0].includes(':')) {
    fail('first path segment in URL cannot contain colon', url);
  }
  checkEscapes(path, url);
  checkEscapes(fragment, url);
  parsed.path = encodeLike(kPath, path);
  if (fragment !== '') parsed.fragment = '#' + encodeLike(kFragment, fragment);
  return parsed;
}

function unparse(parsed, userInfo) {
  const scheme = parsed.scheme === '' ? '' : parsed.scheme + ':';
  const authority = parsed.hasAuthority ? '//' + (userInfo === '' ? '' : userInfo + '@') + parsed.host
    : '';
  return scheme + authority + parsed.path + parsed.query + parsed.fragment;
}

/// What a cookie jar needs of a URL: the host and the path.
function placeOf(text) {
  const parsed = parseUrl(text);
  const path = parsed.path.replace(/[[\]]/g, encodeByte);
  return unparse({ ...parsed, path, query: '', fragment: '' }, '');
}

/// What a request needs of a URL that isn't plain: `url` to send to (no user info), `shown` as
/// k6's response has it, `tag` with hidden user info; user and password, null without.
function examineUrl(text) {
  let parsed;
  try {
    // A lone surrogate becomes U+FFFD, as in UTF-8.
    parsed = parseUrl(text.replace(/[\ud800-\udfff]/gu, '\ufffd'));
  } catch (problem) {
    if (problem instanceof Problem) problem.text = 'invalid URL: ' + problem.text;
    throw problem;
  }
  const hidden = parsed.user === null ? '' : parsed.password === null ? '****' : '****:****';
  return {
    url: unparse({ ...parsed, fragment: '' }, ''),
    shown: unparse(parsed, parsed.user === null ? '' : encodeUserInfo(parsed)),
    tag: unparse(parsed, hidden),
    user: parsed.user,
    password: parsed.password,
  };
}

// Nearly all URLs: nothing to refuse, to hide or to encode.
const { isPlainUrl } = native;

// The user's text with its user info hidden, and otherwise as it was.
function cleanUrl(text) {
  if (isPlainUrl(text)) return text;
  const { user, password } = examineUrl(text);
  if (user === null) return text;
  return text.replace(/\/\/.*?@/, password === null ? '//****@' : '//****:****@');
}

/// http.url`http://h/${id}`: its name has "${}" for each hole.
function urlTemplate(parts, ...pieces) {
  let name = '';
  let url = '';
  for (let i = 0; i < parts.length; i += 1) {
    name += parts[i];
    url += parts[i];
    if (i < pieces.length) {
      name += '${}';
      url += goString(pieces[i]);
    }
  }
  try {
    const clean = cleanUrl(url);
    return new HttpUrl(name === url ? clean : name, url, clean);
  } catch (problem) {
    throw problem instanceof Problem ? new GoError(problem.text) : problem;
  }
}

exports.HttpUrl = HttpUrl;
exports.isPlainUrl = isPlainUrl;
exports.placeOf = placeOf;
exports.examineUrl = examineUrl;
exports.urlTemplate = urlTemplate;
exports.kInvalidUrl = kInvalidUrl;

'use strict';
// Set-Cookie and Cookie fields as Go's net/http reads them.

const kToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const kValue = /^[\x20\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const kAttributeValue = /^[\x20-\x3a\x3c-\x7e]*$/;
const kDate = /^[a-z]{3}, *(\d\d)[ -]+([a-z]{3})[ -]+(\d{4}) +(\d\d):(\d\d):(\d\d) +[a-z]{3,4}$/i;
const kMonths = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov',
  'dec'];
// Go's zero time in milliseconds, after the overflow that k6 has there: "no expires".
const kNever = -6795364578871;

/// "Sun, 06 Nov 1994 08:49:37 GMT", also with hyphens; NaN if it is none. Milliseconds.
function parseDate(text) {
  const match = kDate.exec(text);
  if (match === null) return NaN;
  const month = kMonths.indexOf(match[2].toLowerCase());
  if (month === -1) return NaN;
  return Date.UTC(+match[3], month, +match[1], +match[4], +match[5], +match[6]);
}

// Go's time.RFC1123, element by element: what it looks for, and what may stand there.
const kLayout = [['Mon', /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i], [', ', /^,( +|$)/], ['02', /^\d\d/],
  [' ', /^( +|$)/], ['Jan', /^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/i], [' ', /^( +|$)/],
  ['2006', /^\d{4}/], [' ', /^( +|$)/], ['15', /^\d\d/], [':', /^:/], ['04', /^\d\d/], [':', /^:/],
  ['05', /^\d\d/], [' ', /^( +|$)/], ['MST', /^[A-Z]{3,4}/]];

/// What time.Parse says of a text that is no date of RFC 1123; '' if it is one.
function dateProblem(text) {
  const problem = `parsing time ${JSON.stringify(text)}`;
  let rest = text;
  for (const [name, pattern] of kLayout) {
    const match = pattern.exec(rest);
    if (match === null) {
      const layout = kLayout.map((element) => element[0]).join('');
      return `${problem} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${name}"`;
    }
    rest = rest.slice(match[0].length);
  }
  return rest === '' ? '' : `${problem}: extra text: ${JSON.stringify(rest)}`;
}

/// A cookie's value as Go sends it: without what no cookie may have, in quotes if need be.
function sentValue(value) {
  const kept = String(value).replace(/[^\x20\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]/g, '');
  return /[ ,]/.test(kept) ? `"${kept}"` : kept;
}

function readAttribute(cookie, attribute) {
  const equals = attribute.indexOf('=');
  const name = (equals === -1 ? attribute : attribute.slice(0, equals)).toLowerCase();
  const value = equals === -1 ? '' : attribute.slice(equals + 1);
  if (!kAttributeValue.test(value)) return;
  if (name === 'domain') cookie.domain = value;
  if (name === 'path') cookie.path = value;
  if (name === 'secure') cookie.secure = true;
  if (name === 'httponly') cookie.http_only = true;
  if (name === 'max-age' && /^[+-]?\d+$/.test(value) && (+value === 0 || value[0] !== '0')) {
    cookie.max_age = +value <= 0 ? -1 : +value;
  }
  if (name === 'expires') {
    const at = parseDate(value);
    if (!Number.isNaN(at)) cookie.expires = at;
  }
}

/// Null if the field holds no cookie.
function parseSetCookie(field) {
  const parts = field.split(';');
  const pair = parts[0].trim();
  const equals = pair.indexOf('=');
  if (equals === -1) return null;
  const name = pair.slice(0, equals).trim();
  let value = pair.slice(equals + 1);
  if (value.length > 1 && value[0] === '"' && value.endsWith('"')) value = value.slice(1, -1);
  if (!kToken.test(name) || !kValue.test(value)) return null;
  const cookie = { name, value, domain: '', path: '', http_only: false, secure: false,
    max_age: 0, expires: kNever };
  for (let i = 1; i < parts.length; i += 1) readAttribute(cookie, parts[i].trim());
  return cookie;
}

/// The pairs of a Cookie header: [[name, value], ...].
function parseCookieHeader(header) {
  const pairs = [];
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals === -1) continue;
    let value = part.slice(equals + 1).trim();
    if (value.length > 1 && value[0] === '"' && value.endsWith('"')) value = value.slice(1, -1);
    pairs.push([part.slice(0, equals).trim(), value]);
  }
  return pairs;
}

exports.parseDate = parseDate;
exports.dateProblem = dateProblem;
exports.sentValue = sentValue;
exports.parseSetCookie = parseSetCookie;
exports.parseCookieHeader = parseCookieHeader;

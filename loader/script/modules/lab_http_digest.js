'use strict';
// HTTP digest authentication (RFC 7616): the Authorization field that answers a challenge.

const { hexOf } = require('lab:bytes');

/// The parameters of a "Digest ..." challenge, by name in lower case; null if it is of another kind.
function parseChallenge(field) {
  const match = /(?:^|,)\s*Digest\s+(.*)$/i.exec(field);
  if (match === null) return null;
  const parameters = {};
  const pair = /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/g;
  for (let found = pair.exec(match[1]); found !== null; found = pair.exec(match[1])) {
    const value = found[2] !== undefined ? found[2].replace(/\\(.)/g, '$1') : found[3];
    parameters[found[1].toLowerCase()] = value;
  }
  return parameters;
}

function chooseQop(offered) {
  if (offered === undefined) return '';
  const names = offered.split(',').map((name) => name.trim().toLowerCase());
  if (names.includes('auth')) return 'auth';
  return names.includes('auth-int') ? 'auth-int' : '';
}

const quoted = (text) => '"' + text.replace(/[\\"]/g, '\\$&') + '"';

/// Null if the challenge is none of digest, or of an algorithm that isn't known.
function digestAuthorization(challengeField, request, target) {
  const challenge = parseChallenge(challengeField);
  if (challenge === null || challenge.nonce === undefined) return null;
  const named = challenge.algorithm === undefined ? 'MD5' : challenge.algorithm;
  const isSession = /-sess$/i.test(named);
  const algorithm = { md5: 'md5', 'sha-256': 'sha256', 'sha-512-256': 'sha512_256' }[
    named.toLowerCase().replace(/-sess$/, '')];
  if (algorithm === undefined) return null;
  const hash = (text) => hexOf(native.digest(algorithm, text));
  const { nonce, opaque, realm = '' } = challenge;
  const { user, password } = request;
  const qop = chooseQop(challenge.qop);
  const cnonce = hexOf(native.randomBytes(8));
  const count = '00000001';
  let secret = hash(`${user}:${realm}:${password}`);
  if (isSession) secret = hash(`${secret}:${nonce}:${cnonce}`);
  let subject = `${request.method}:${target}`;
  if (qop === 'auth-int') subject += ':' + hash(request.body === null ? '' : request.body);
  const proof = qop === '' ? hash(`${secret}:${nonce}:${hash(subject)}`)
    : hash(`${secret}:${nonce}:${count}:${cnonce}:${qop}:${hash(subject)}`);
  let field = `Digest username=${quoted(user)}, realm=${quoted(realm)}, nonce=${quoted(nonce)}, ` +
    `uri=${quoted(target)}, response="${proof}", algorithm=${named}`;
  if (opaque !== undefined) field += `, opaque=${quoted(opaque)}`;
  if (qop !== '') field += `, qop=${qop}, nc=${count}, cnonce="${cnonce}"`;
  return field;
}

exports.digestAuthorization = digestAuthorization;

'use strict';
// Sending one request, and what a script gets for it.

const { GoError, ErrorValue } = require('lab:errors');
const { Problem } = require('lab:http_problem');
const { Response, unsent } = require('lab:http_response');
const { failureText } = require('lab:http_failure');
const { eachField } = require('lab:http_header');
const { prepare } = require('lab:http_request');

const kForbidden = 'Making http requests in the init context is not supported';
const kDigestFirst = [401, 401];

function refuse(problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (native.options.throw) throw new GoError(problem.text);
  native.log(2, 'Request Failed', '', ['error', problem.text]);
  return new Response(null, unsent(problem.text, problem.code));
}

function logFailure(text) {
  native.log(2, 'Request Failed', '', ['error', text]);
}

// The host never gets user info. Go's client drops it as well for digest authentication.
function restoreUrl(request, response) {
  if (request.auth !== 'digest' || response.status === 0) response.url = request.shown;
}

/// The response; what went wrong is logged unless it is going to be thrown.
function answer(request, raw) {
  const response = new Response(request, raw);
  if (request.shown !== null && response.url === request.url) restoreUrl(request, response);
  if (raw[0] === 0 && !request.throws) logFailure(failureText(request, raw));
  return response;
}

function isThrown(request, raw) {
  return raw[0] === 0 && request.throws;
}

const listed = (...values) => values;

/// The first try of digest authentication: what it gets is a challenge, and 401 is expected.
function giveFirst(request, take) {
  const isFirst = request.auth === 'digest' && request.expected !== null;
  return request.give(take, isFirst ? kDigestFirst : request.expected,
    request.fields('Authorization', request.authorization));
}

/// What native.requestAsync and native.batch take.
function firstSpec(request) {
  return giveFirst(request, listed);
}

function takeChallenge(found, name, value) {
  if (name === 'Www-Authenticate') found.push(value);
}

/// The second try's spec; null if the first one's answer is the answer.
function secondSpec(request, raw) {
  if (request.auth !== 'digest' || raw[0] !== 401 || request.user === null) return null;
  const { digestAuthorization } = require('lab:http_digest');
  const challenges = [];
  eachField(raw[6], challenges, takeChallenge);
  const target = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*/, '');
  for (const challenge of challenges) {
    const field = digestAuthorization(challenge, request, target[0] === '/' ? target : '/' + target);
    if (field !== null) {
      return request.give(listed, request.expected, request.fields('Authorization', field));
    }
  }
  return null;
}

function send(method, url, body, params) {
  if (native.phase === 0) throw new GoError(kForbidden);
  let request;
  try {
    request = prepare(method, url, body, params);
  } catch (problem) {
    return refuse(problem);
  }
  let raw = giveFirst(request, native.request);
  const spec = secondSpec(request, raw);
  if (spec !== null) raw = native.request(...spec);
  if (isThrown(request, raw)) throw new GoError(failureText(request, raw));
  return answer(request, raw);
}

function sendAsync(method, url, body, params) {
  if (native.phase === 0) throw new GoError(kForbidden);
  return new Promise((resolve, reject) => {
    let request;
    try {
      request = prepare(method, url, body, params);
    } catch (problem) {
      if (problem instanceof Problem && native.options.throw) {
        reject(new ErrorValue(problem.text));
      } else {
        resolve(refuse(problem));
      }
      return;
    }
    const finish = (raw) => {
      if (isThrown(request, raw)) reject(new ErrorValue(failureText(request, raw)));
      else resolve(answer(request, raw));
    };
    native.requestAsync(firstSpec(request), (raw) => {
      const spec = secondSpec(request, raw);
      if (spec === null) finish(raw);
      else native.requestAsync(spec, finish);
    });
  });
}

exports.send = send;
exports.sendAsync = sendAsync;
exports.answer = answer;
exports.isThrown = isThrown;
exports.firstSpec = firstSpec;
exports.secondSpec = secondSpec;

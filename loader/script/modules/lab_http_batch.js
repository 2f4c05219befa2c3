'use strict';
// http.batch: many requests at once.

const { GoError } = require('lab:errors');
const { goSyntax, goType } = require('lab:go');
const { Problem } = require('lab:http_problem');
const { HttpUrl } = require('lab:http_url');
const { Response, unsent } = require('lab:http_response');
const { answer, firstSpec, isThrown, secondSpec } = require('lab:http_send');
const { failureText } = require('lab:http_failure');
const { prepare } = require('lab:http_request');

function prepareList(entry) {
  if (entry.length < 2) throw new Problem(`invalid batch request '${goSyntax(entry)}'`, 0);
  if (typeof entry[0] !== 'string') {
    throw new Problem(`invalid method type '${goSyntax(entry[0])}'`, 0);
  }
  return prepare(entry[0], entry[1], entry[2], entry[3]);
}

function prepareObject(key, entry) {
  if (!('url' in entry)) throw new Problem(`batch request ${key} doesn't have a url key`, 0);
  let method = 'GET';
  let { body } = entry;
  if ('method' in entry) {
    if (typeof entry.method !== 'string') {
      throw new Problem(`invalid method type '${goSyntax(entry.method)}'`, 0);
    }
    method = entry.method.toUpperCase();
    if (method === 'GET' || method === 'HEAD') body = null;
  }
  return prepare(method, entry.url, body, entry.params);
}

function prepareEntry(key, entry) {
  if (Array.isArray(entry)) return prepareList(entry);
  if (typeof entry === 'object' && entry !== null && !(entry instanceof HttpUrl)) {
    return prepareObject(key, entry);
  }
  return prepare('GET', entry, null, null);
}

// Nothing is sent: the malformed entry's response has the error, those before it are empty.
function refuse(problem, shape, keys, index) {
  if (!(problem instanceof Problem)) throw problem;
  if (native.options.throw) throw new GoError(problem.text);
  native.log(2, 'A batch request failed', '', ['error', problem.text]);
  keys.forEach((key, i) => {
    if (i < index) shape[key] = new Response(null, unsent('', 0));
    else if (i === index) shape[key] = new Response(null, unsent(problem.text, problem.code));
    else if (Array.isArray(shape)) shape[key] = null;
  });
  return shape;
}

const orElse = (value, otherwise) => (typeof value === 'number' ? value : otherwise);

function sendAll(requests) {
  // By default as k6.
  const workers = orElse(native.options.batch, 20);
  const perHost = orElse(native.options.batchPerHost, 6);
  const raws = native.batch(requests.map(firstSpec), workers, perHost);
  const again = [];
  requests.forEach((request, index) => {
    const spec = secondSpec(request, raws[index]);
    if (spec !== null) again.push({ index, spec });
  });
  if (again.length > 0) {
    const specs = again.map((each) => each.spec);
    const answers = native.batch(specs, workers, perHost);
    again.forEach((each, i) => { raws[each.index] = answers[i]; });
  }
  return raws;
}

function batch(entries, ...more) {
  if (native.phase === 0) {
    throw new GoError('Using batch in the init context is not supported');
  }
  if (arguments.length === 0) throw new GoError('no argument was provided to http.batch()');
  if (more.length > 0) {
    throw new GoError('http.batch() accepts only an array or an object of requests');
  }
  const type = goType(entries);
  if (type !== '[]interface {}' && type !== 'map[string]interface {}') {
    throw new GoError(`invalid http.batch() argument type ${type}`);
  }
  const shape = Array.isArray(entries) ? [] : {};
  const keys = Object.keys(entries);
  const requests = [];
  try {
    for (const key of keys) requests.push(prepareEntry(key, entries[key]));
  } catch (problem) {
    return refuse(problem, shape, keys, requests.length);
  }
  if (requests.length === 0) return shape;
  const raws = sendAll(requests);
  const failed = raws.findIndex((raw, index) => isThrown(requests[index], raw));
  const responses = raws.map((raw, index) => answer(requests[index], raw));
  if (failed !== -1) throw new GoError(failureText(requests[failed], raws[failed]));
  keys.forEach((key, index) => { shape[key] = responses[index]; });
  return shape;
}

exports.batch = batch;

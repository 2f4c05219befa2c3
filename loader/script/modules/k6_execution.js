'use strict';
// The module "k6/execution": where a script finds out about the run, and ends it.
//
// The objects are the same ones all the time, so that `import { vu } from 'k6/execution'` may be
// bound once; what they tell is asked for at each access.

const { GoError, here, refuseInInit } = require('lab:errors');
const { options } = require('lab:test_options');
const { metadata, tags } = require('lab:vu_tags');

const initPhase = 0;

const outsideScenario = 'getting scenario information outside of the VU context is not supported';

// In k6 an assignment to vu.tags is one to an object that is forgotten at once.
function ignored() {}

// An object whose properties are `keys`, each read by read(key) when it is asked for.
function liveObject(keys, read, set) {
  const object = {};
  for (const key of keys) {
    Object.defineProperty(object, key, { get: () => read(key), set, enumerable: true });
  }
  return object;
}

const scenarioKeys = [
  'name',
  'executor',
  'startTime',
  'progress',
  'iterationInInstance',
  'iterationInTest',
];
const scenario = liveObject(scenarioKeys, (key) => {
  const value = native.phase === initPhase ? null : native.scenario(key);
  if (value === null) throw new GoError(outsideScenario);
  return value;
});

const instanceKeys = [
  'currentTestRunDuration',
  'iterationsCompleted',
  'iterationsInterrupted',
  'vusActive',
  'vusInitialized',
];
const instance = liveObject(instanceKeys, (key) => {
  refuseInInit('getting instance information');
  return native.instance(key);
});

const metrics = liveObject(['tags', 'metadata'], (key) => {
  refuseInInit('getting VU information');
  return key === 'tags' ? tags() : metadata();
});

function vuProperty(key) {
  refuseInInit('getting VU information');
  if (key === 'tags') return tags();
  return key === 'metrics' ? metrics : native.vuInfo(key);
}

const vuKeys = [
  'idInInstance',
  'idInTest',
  'iterationInInstance',
  'iterationInScenario',
  'tags',
  'metrics',
];
const vu = liveObject(vuKeys, vuProperty, ignored);

function reasonText(reason) {
  return reason === undefined || reason === null ? '' : `: ${String(reason)}`;
}

function abort(reason) {
  native.abort(`test aborted${reasonText(reason)}${here()}`);
}

function fail(reason) {
  if (native.phase === initPhase) {
    throw new GoError('execution.test.fail() called outside of VU context');
  }
  native.markFailed(reason === undefined || reason === null ? '' : String(reason));
}

const test = liveObject(['abort', 'fail', 'options'], (key) => {
  if (key === 'abort') return abort;
  if (key === 'fail') return fail;
  refuseInInit('getting test options');
  return options();
});

// As the default export k6 refuses these in init code before a property of theirs is asked for.
const execution = liveObject(['instance', 'scenario', 'test', 'vu'], (key) => {
  if (key === 'test') return test;
  if (key === 'scenario' && native.phase === initPhase) throw new GoError(outsideScenario);
  refuseInInit(key === 'vu' ? 'getting VU information' : 'getting instance information');
  if (key === 'vu') return vu;
  return key === 'scenario' ? scenario : instance;
});

exports.default = execution;
exports.instance = instance;
exports.scenario = scenario;
exports.test = test;
exports.vu = vu;

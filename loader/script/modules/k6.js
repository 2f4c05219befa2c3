'use strict';
// The module "k6": check, group, sleep, fail, randomSeed.

const { GoError, refuseInInit } = require('lab:errors');
const { goDurationMs, goInt64, goString, isAsyncFunction } = require('lab:arguments');
const { flatTags } = require('lab:tags');
const { useGoRandom } = require('lab:globals');

const nameWithSeparator = "group and check names may not contain '::'";

function refusedCheck(name, entry) {
  if (name.includes('::')) return nameWithSeparator;
  if (!isAsyncFunction(entry)) return undefined;
  return (
    'the built-in check() does not support async functions as arguments. ' +
    'Use the JavaScript utils library as a replacement. ' +
    'Refer to https://grafana.com/docs/k6/latest/javascript-api/jslib/utils/check/ for more info'
  );
}

// A predicate that throws has failed, and no later one is asked.
function outcome(name, predicate, value, tags) {
  try {
    return !!predicate(value);
  } catch (thrown) {
    native.addCheck(name, false, tags);
    throw thrown;
  }
}

function check(value, sets, tags) {
  refuseInInit('Using check()');
  if (arguments.length < 2) throw new GoError('no checks provided to `check`');
  const flat = tags === undefined ? null : flatTags(tags);
  const names = Object.keys(sets);
  let all = true;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const entry = sets[name];
    const refused = refusedCheck(name, entry);
    if (refused !== undefined) throw new GoError(refused);
    const passed = typeof entry === 'function' ? outcome(name, entry, value, flat) : !!entry;
    native.addCheck(name, passed, flat);
    if (!passed) all = false;
  }
  return all;
}

function group(name, callback) {
  refuseInInit('Using group()');
  if (typeof callback !== 'function') {
    throw new GoError('group() requires a callback as a second argument');
  }
  if (isAsyncFunction(callback)) {
    throw new GoError(
      'group() does not support async functions as arguments, ' +
        'please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more info',
    );
  }
  const text = goString(name);
  if (text.includes('::')) throw new GoError(nameWithSeparator);
  native.groupBegin(text);
  try {
    return callback();
  } finally {
    native.groupEnd();
  }
}

function sleep(seconds) {
  native.sleep(goDurationMs(+seconds * 1000));
}

function fail(message) {
  throw new GoError(goString(message));
}

function randomSeed(seed) {
  native.goSeed(goInt64(seed));
  useGoRandom();
}

exports.check = check;
exports.group = group;
exports.sleep = sleep;
exports.fail = fail;
exports.randomSeed = randomSeed;

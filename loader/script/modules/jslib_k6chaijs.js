'use strict';
// k6chaijs of k6's library site: chai, in which each assertion is a check, within describe(), which
// is a group that the first failure ends.

const { check, group } = require('k6');
const execution = require('k6/execution');
const { config, AssertionError, Assertion, flag, display } = require('lab:chai_assertion');
const { assert, failing, should } = require('lab:chai_assert');
const { utilities, use } = require('lab:chai_plugins');

// aggregateChecks: names of checks say what was expected but not the values found, so that all
// iterations count in one check.
Object.assign(config, { truncateVariableThreshold: 100, truncateMsgThreshold: 300,
  aggregateChecks: true, logFailures: false, exitOnError: false });

let canExit = true;

function cut(text) {
  const limit = config.truncateVariableThreshold;
  return text.length > limit ? text.slice(0, limit) + '...' : text;
}

function shown(value) {
  return cut(display(value));
}

// What the assertion says, with the value expected but not yet the one found. As a check that
// passes says it too, it is worded neutrally.
function templateOf(link, positive, negative, expected) {
  let template = (flag(link, 'negate') ? negative : positive).replace('but ', '');
  const anonymized = flag(link, 'anonymizeMsgFunction');
  if (anonymized) template = anonymized(template);
  if (typeof template === 'function') template = template();
  return (template || '').replace(/#\{exp\}/g, () => shown(expected));
}

function fullText(link, template, actual) {
  const text = template.replace(/#\{this\}/g, () => shown(flag(link, 'object')))
    .replace(/#\{act\}/g, () => shown(actual));
  const message = flag(link, 'message');
  return message && !config.aggregateChecks ? message + ': ' + text : text;
}

function aggregatedName(link, template) {
  return cut(template.replace(/#\{this\}/g, () => flag(link, 'message') || '${this}')
    .replace(/#\{act\}/g, () => '${actual}'));
}

// Makes a check of an assertion and ends the test, or the whole run, if it failed.
Assertion.prototype.assert = function (expression, positive, negative, expected, actual) {
  const template = templateOf(this, positive, negative, expected);
  const text = fullText(this, template, actual);
  const ok = utilities.test(this, [expression]);
  check(null, { [config.aggregateChecks ? aggregatedName(this, template) : text]: () => ok });
  if (ok) return;
  const message = cut(text);
  if (config.logFailures) console.warn(message);
  if (config.exitOnError && canExit) execution.default.test.abort(message);
  throw new AssertionError(message, { actual, expected, showDiff: !expected && !actual,
    operator: utilities.getOperator(this, [expression, positive, negative, expected]) });
};

function hidden(template = '') {
  return template.replace(/#\{this\}/g, () => '<anonymized>');
}

// Keeps secrets out of names and messages: what asserts behind it does not show the value.
Assertion.addMethod('anonymize', function (change = hidden) {
  flag(this, 'anonymizeMsgFunction', change);
});

// Of a response of k6/http.
Assertion.addMethod('validJsonBody', function () {
  let isValid = true;
  try {
    flag(this, 'object').json();
  } catch (error) {
    isValid = false;
  }
  assert(isValid, 'has valid json body');
});

function expect(value, message) {
  return new Assertion(value, message);
}
expect.fail = failing('expect');

// Runs a test in a group; says whether all of it went well. Exceptions do not get out.
function describe(name, test) {
  let passed = true;
  group(name, () => {
    try {
      test();
    } catch (error) {
      passed = false;
      if (error.name === 'AssertionError') return;
      console.error('Exception raised in test "' + name + '". Failing the test and continuing. \n' +
        error);
      check(null, { ['Exception raised "' + error + '"']: false });
    }
  });
  return passed;
}

exports.describe = describe;
exports.expect = expect;
const chai = { version: '4.3.8', AssertionError, use, util: utilities, config, Assertion, expect,
  should, Should: should, assert };

exports.default = chai;
// The first two versions put values into names and exported chai by its name; exitOnError is new in
// the last one.
Object.defineProperty(exports, 'forVersion', {
  value: (version) => {
    const isFirst = ['4.3.4.0', '4.3.4.1'].includes(version);
    canExit = !isFirst && !['4.3.4.2', '4.3.4.3', '4.5.0.0'].includes(version);
    config.aggregateChecks = !isFirst;
    return isFirst ? { ...exports, chai } : exports;
  },
});

'use strict';
// k6chaijs of k6's library site: chai's expect, in which each assertion is a check, within
// describe(), which is a group that the first failure ends.

const { check, group } = require('k6');
const { AssertionError, State, expectation, displayed } = require('lab:chai_assertion');
require('lab:chai_core');
require('lab:chai_parts');

// aggregateChecks: names of checks say what was expected but not the values found, so that all
// iterations count in one check.
const config = { includeStack: false, showDiff: true, truncateThreshold: 40,
  truncateVariableThreshold: 100, truncateMsgThreshold: 300, aggregateChecks: true,
  logFailures: false };

function cut(text) {
  const limit = config.truncateVariableThreshold;
  return text.length > limit ? text.slice(0, limit) + '...' : text;
}

function filled(template, values) {
  return template.replace(/#\{(this|exp|act)\}/g, (all, name) => values[name]);
}

function shown(value) {
  return cut(displayed(value, config.truncateThreshold));
}

function fullMessage(template, { state, expected, actual }) {
  return (state.label === undefined ? '' : state.label + ': ') + filled(template,
    { this: shown(state.value), exp: shown(expected), act: shown(actual) });
}

function checkName(template, details) {
  if (!config.aggregateChecks) return fullMessage(template, details);
  const { label } = details.state;
  return cut(filled(template, { this: label === undefined ? '${this}' : label,
    exp: shown(details.expected), act: '${actual}' }));
}

// Makes a check of an assertion and ends the test if it failed.
function report(ok, template, details) {
  check(null, { [checkName(template, details)]: ok });
  if (ok) return;
  const message = fullMessage(template, details);
  if (config.logFailures) console.warn(cut(message));
  throw new AssertionError(message);
}

function expect(value, label) {
  return expectation(new State(value, label, report));
}

// Runs a test in a group; says whether all of it went well. Exceptions do not get out.
function describe(name, test) {
  let passed = true;
  group(name, () => {
    try {
      test();
    } catch (error) {
      passed = false;
      if (error instanceof AssertionError) return;
      console.error('Exception raised in test "' + name + '". Failing the test and continuing. \n' +
        error);
      check(null, { ['Exception raised "' + error + '"']: false });
    }
  });
  return passed;
}

exports.describe = describe;
exports.expect = expect;
exports.config = config;
exports.default = { version: '4.3.4', config, expect, AssertionError };

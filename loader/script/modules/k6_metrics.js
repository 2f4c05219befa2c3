'use strict';
// The module "k6/metrics": metrics that a script declares and adds to.

const { GoError, refuseInInit } = require('lab:errors');
const { goString } = require('lab:arguments');
const { flatTags } = require('lab:tags');

const initPhase = 0;
const types = { Counter: 0, Gauge: 1, Rate: 2, Trend: 3 };
const shownValueMax = 100;
const expected = 'a number or a boolean value is expected';

// The beginning and end of a long value, for a message.
function shortened(value) {
  const letters = Array.from(String(value));
  if (letters.length < shownValueMax) return letters.join('');
  const half = shownValueMax / 2;
  const omitted = letters.length - shownValueMax;
  const begin = letters.slice(0, half).join('');
  return `${begin}... omitting ${omitted} characters ...${letters.slice(-half).join('')}`;
}

// An error if the option "throw" is set, else a warning.
function refused(text) {
  if (native.options !== null && native.options.throw === true) throw new GoError(text);
  native.log(2, text, '');
  return false;
}

function refusedValue(value, name) {
  return refused(`'${shortened(value)}' is an invalid value for metric '${name}', ${expected}`);
}

function addFunction(index, name) {
  const refusal = `cannot add tags for the '${name}' custom metric: `;
  return function add(value, tags) {
    refuseInInit('Adding to metrics');
    if (arguments.length === 0) {
      return refused(`no value was provided for metric '${name}', ${expected}`);
    }
    const number = value === null ? NaN : typeof value === 'number' ? value : +value;
    if (Number.isNaN(number)) return refusedValue(value, name);
    const flat = tags === undefined ? null : flatTags(tags, refusal);
    if (Number.isFinite(number)) native.addSample(index, number, flat);
    else native.log(2, `'${number}' for metric '${name}' is left out: no average has it`, '');
    return true;
  };
}

// In place of a regular expression, which each virtual user would compile for its few names.
function isMetricName(name) {
  if (name.length < 2 || name.length > 129) return false;
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    const isLetter = (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
    if (!isLetter && (i === 0 || c < 48 || c > 57)) return false;
  }
  return true;
}

function declared(type, name, isTime) {
  if (native.phase !== initPhase) throw new GoError('metrics must be declared in the init context');
  if (!isMetricName(name)) {
    throw new GoError(
      `Invalid metric name: '${name}'. Metric names must only include up to 128 ASCII letters, ` +
        'numbers, or underscores and start with a letter or an underscore.',
    );
  }
  const index = native.declareMetric(name, type, isTime);
  const metric = {};
  Object.defineProperty(metric, 'name', { value: name, enumerable: true });
  metric.add = addFunction(index, name);
  return metric;
}

function metricClass(type) {
  return function (name, isTime) {
    return declared(type, goString(name), !!isTime);
  };
}

for (const name of Object.keys(types)) exports[name] = metricClass(types[name]);

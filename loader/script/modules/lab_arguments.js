'use strict';
// How k6's functions, which are Go's, take the arguments that a script passes.

// A string parameter: what is missing or null is the empty string, and a symbol its description.
function goString(value) {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'symbol' ? value.description || '' : String(value);
}

const leastInt64 = -(2n ** 63n);

// An int64 parameter, as decimal text. What is too large becomes the least number, as it does on
// amd64.
function goInt64(value) {
  const whole = Math.trunc(+value);
  if (!Number.isFinite(whole)) return '0';
  return String(Math.abs(whole) < 2 ** 63 ? BigInt(whole) : leastInt64);
}

// A duration in ms from a number of them. time.Duration cannot hold more than 292 years: what is
// too long becomes the least of all durations, which has passed already. So have negative ones and
// NaN.
const durationMsMax = 9223372036854;

function goDurationMs(ms) {
  return ms > 0 && ms <= durationMsMax ? ms : 0;
}

const asyncPrototype = Object.getPrototypeOf(async function () {});

function isAsyncFunction(value) {
  return typeof value === 'function' && Object.getPrototypeOf(value) === asyncPrototype;
}

exports.goString = goString;
exports.goInt64 = goInt64;
exports.goDurationMs = goDurationMs;
exports.isAsyncFunction = isAsyncFunction;

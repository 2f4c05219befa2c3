'use strict';
// http.expectedStatuses and the rule by which responses count as failed.

const { GoError } = require('lab:errors');

class ExpectedStatuses {
  #ranges;

  constructor(ranges) {
    this.#ranges = ranges;
  }

  /// [min, max, min, max, ...]; null if `value` is no ExpectedStatuses.
  static rangesOf(value) {
    const is = typeof value === 'object' && value !== null && #ranges in value;
    return is ? value.#ranges : null;
  }
}

function refuse(index) {
  throw new GoError(`argument number ${index} to expectedStatuses was neither an integer nor ` +
    'an object like {min:100, max:329}');
}

function expectedStatuses(...statuses) {
  if (statuses.length === 0) throw new GoError('no arguments');
  const ranges = [];
  statuses.forEach((status, index) => {
    if (Number.isInteger(status)) {
      ranges.push(status, status);
      return;
    }
    if (status === null || status === undefined) {
      throw new TypeError('Cannot convert undefined or null to object');
    }
    const { min, max } = status;
    if (min === undefined || max === undefined) refuse(index + 1);
    if (!Number.isInteger(min) || !Number.isInteger(max)) {
      throw new GoError('both min and max need to be integers for argument number ' + (index + 1));
    }
    ranges.push(min, max);
  });
  return new ExpectedStatuses(ranges);
}

// Of this virtual user; undefined: 200 to 399; null: no response counts as failed, and none is tagged.
const rule = { expected: undefined };

function setResponseCallback(value) {
  if (arguments.length === 0 || value === null) {
    rule.expected = null;
    return;
  }
  const ranges = ExpectedStatuses.rangesOf(value);
  if (ranges === null) {
    throw new GoError('unsupported argument, expected http.expectedStatuses');
  }
  rule.expected = ranges;
}

exports.rangesOf = ExpectedStatuses.rangesOf;
exports.rule = rule;
exports.expectedStatuses = expectedStatuses;
exports.setResponseCallback = setResponseCallback;

'use strict';
// Whether an element of an array is one that a query such as #(age>45) asks for.

const { matches } = require('lab:selector_match');

function truth(text) {
  const lower = text.toLowerCase();
  if (lower === '1' || lower === 't' || lower === 'true') return true;
  return lower === '0' || lower === 'f' || lower === 'false' ? false : null;
}

function isTrueish(value) {
  if (typeof value === 'string') return truth(value) === true;
  return value === true || (typeof value === 'number' && value !== 0);
}

function isFalseish(value) {
  if (typeof value === 'string') return truth(value) === false;
  return value === undefined || value === null || value === false || value === 0;
}

function compare(operator, left, right) {
  switch (operator) {
    case '=': return left === right;
    case '!=': return left !== right;
    case '<': return left < right;
    case '<=': return left <= right;
    case '>': return left > right;
    case '>=': return left >= right;
    case '%': return typeof left === 'string' && matches(left, right);
    case '!%': return typeof left === 'string' && !matches(left, right);
    default: return false;
  }
}

// strconv.ParseFloat, of which gjson ignores the error.
function numberOf(text) {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : 0;
}

// Against "true" and "false", which are ordered; anything else equals neither.
function compareBoolean(operator, value, text) {
  switch (operator) {
    case '=': return text === String(value);
    case '!=': return text !== String(value);
    case '>': return value && text === 'false';
    case '>=': return value;
    case '<': return !value && text === 'true';
    case '<=': return !value;
    default: return false;
  }
}

function isMatch(query, subject) {
  let value = subject;
  let text = query.value;
  if (text[0] === '~') {
    const kind = text.slice(1);
    const kinds = { '*': value !== undefined, null: value === null || value === undefined,
      true: isTrueish(value), false: isFalseish(value) };
    if (!Object.prototype.hasOwnProperty.call(kinds, kind)) return false;
    value = kinds[kind];
    text = 'true';
  }
  if (value === undefined) return false;
  if (query.operator === '') return true;
  if (typeof value === 'string') return compare(query.operator, value, text);
  if (typeof value === 'number') return compare(query.operator, value, numberOf(text));
  return typeof value === 'boolean' && compareBoolean(query.operator, value, text);
}

exports.isMatch = isMatch;

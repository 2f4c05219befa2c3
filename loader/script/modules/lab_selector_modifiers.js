'use strict';
// gjson's modifiers ("@reverse", "@keys", ...), on parsed values.

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function option(argument, name) {
  try {
    return JSON.parse(argument)[name] === true;
  } catch (_) {
    return false;
  }
}

function reverse(value) {
  if (Array.isArray(value)) return value.slice().reverse();
  if (!isObject(value)) return value;
  const turned = {};
  for (const key of Object.keys(value).reverse()) turned[key] = value[key];
  return turned;
}

function flatten(value, argument) {
  if (!Array.isArray(value)) return value;
  return value.flat(option(argument, 'deep') ? Infinity : 1);
}

function keys(value) {
  if (value === undefined) return [];
  if (isObject(value)) return Object.keys(value);
  return Array.isArray(value) ? value.map(() => null) : [null];
}

function values(value) {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [value];
}

function join(value) {
  return Array.isArray(value) ? Object.assign({}, ...value.filter(isObject)) : value;
}

function fromString(value) {
  try {
    return JSON.parse(typeof value === 'string' ? value : JSON.stringify(value));
  } catch (_) {
    return undefined;
  }
}

// {"a":[1,2],"b":[3]} -> [{"a":1,"b":3},{"a":2}]
function group(value) {
  if (!isObject(value)) return undefined;
  const rows = [];
  for (const key of Object.keys(value)) {
    if (!Array.isArray(value[key])) continue;
    value[key].forEach((element, index) => {
      if (rows[index] === undefined) rows[index] = {};
      rows[index][key] = element;
    });
  }
  return rows;
}

function digInto(value, name, found) {
  if (typeof value !== 'object' || value === null) return found;
  if (isObject(value) && Object.prototype.hasOwnProperty.call(value, name)) found.push(value[name]);
  for (const key of Object.keys(value)) digInto(value[key], name, found);
  return found;
}

const same = (value) => value;

exports.modifiers = {
  this: same,
  valid: same,
  ugly: same,
  pretty: same,
  reverse,
  flatten,
  keys,
  values,
  join,
  group,
  tostr: (value) => (value === undefined ? '' : JSON.stringify(value)),
  fromstr: fromString,
  dig: (value, name) => digInto(value, name, []),
};

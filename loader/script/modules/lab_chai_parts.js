'use strict';
// chai's assertions about parts of a value, and what it contains.

const { AssertionError, flag, transferFlags, inspect, setMessage, about, refuse, methods,
  chainables } = require('lab:chai_assertion');
const { typeOf, kindOf, enumerableSymbols } = require('lab:chai_values');
require('lab:chai_core');

function hasProperty(object, name) {
  return object !== null && object !== undefined && name in Object(object);
}

// The steps of "a.b[1].c"; a backslash takes its meaning from a point or a bracket. No path leads
// to what an object has from its class.
function pathSteps(path) {
  const steps = path.replace(/([^\\])\[/g, '$1.[').match(/(?:\\\.|[^.])+/g) || [''];
  return steps.map((step) => {
    if (['constructor', '__proto__', 'prototype'].includes(step)) return undefined;
    const index = /^\[(\d+)\]$/.exec(step);
    return index === null ? step.replace(/\\([.[\]])/g, '$1') : Number(index[1]);
  });
}

// {parent, name, value, exists} of what is at a path.
function pathInfo(object, path) {
  const steps = pathSteps(path);
  const name = steps.pop();
  // As in chai, a path can't lead on from what is empty, 0 or false.
  const parent = steps.reduce((at, step) => (at ? at[step] : at), object);
  return { parent, name, value: parent ? parent[name] : null, exists: hasProperty(parent, name) };
}

// {value, exists} of a property, or of a path if the chain says "nested".
function found(link, name) {
  const object = flag(link, 'object');
  const isNested = flag(link, 'nested');
  if (isNested && typeof name !== 'string') {
    refuse(link, 'the argument to property must be a string when using nested syntax');
  }
  if (!['string', 'number', 'symbol'].includes(typeof name)) {
    refuse(link, 'the argument to property must be a string, number, or symbol');
  }
  if (isNested && flag(link, 'own')) {
    refuse(link, 'The "nested" and "own" flags cannot be combined.');
  }
  if (object === null || object === undefined) {
    refuse(link, 'Target cannot be null or undefined.');
  }
  if (isNested) return pathInfo(object, name);
  return { value: object[name],
    exists: flag(link, 'own') ? Object.hasOwn(object, name) : hasProperty(object, name) };
}

// Equality as the chain wants it.
function equality(link) {
  return flag(link, 'deep') ? flag(link, 'eql') : (a, b) => a === b;
}

function assertProperty(...args) {
  const [name, expected, message] = args;
  setMessage(this, message);
  const { value, exists } = found(this, name);
  const kind = ['deep', 'own', 'nested'].filter((key) => flag(this, key)).concat('property');
  const words = 'have ' + kind.join(' ') + ' ' + inspect(name);
  // "not.property(name, value)" is about the value only.
  if (!flag(this, 'negate') || args.length === 1) {
    this.assert(exists, 'expected #{this} to ' + words, 'expected #{this} to not ' + words);
  }
  if (args.length > 1) {
    this.assert(exists && equality(this)(expected, value),
      'expected #{this} to ' + words + ' of #{exp}, but got #{act}',
      'expected #{this} to not ' + words + ' of #{act}', expected, value);
  }
  flag(this, 'object', value);
}
methods(['property'], assertProperty);
methods(['ownProperty', 'haveOwnProperty'], function (...args) {
  flag(this, 'own', true);
  assertProperty.apply(this, args);
});

// (name), (name, message) or (name, descriptor, message)
methods(['ownPropertyDescriptor', 'haveOwnPropertyDescriptor'], function (name, ...rest) {
  const [expected, message] = typeof rest[0] === 'string' ? [null, rest[0]] : rest;
  setMessage(this, message);
  const actual = Object.getOwnPropertyDescriptor(Object(flag(this, 'object')), name);
  if (actual && expected) {
    const what = 'expected the own property descriptor for ' + inspect(name) + ' on #{this} to ';
    this.assert(flag(this, 'eql')(expected, actual),
      what + 'match ' + inspect(expected) + ', got ' + inspect(actual),
      what + 'not match ' + inspect(expected), expected, actual, true);
  } else {
    const words = 'have an own property descriptor for ' + inspect(name);
    this.assert(actual, 'expected #{this} to ' + words, 'expected #{this} to not ' + words);
  }
  flag(this, 'object', actual);
});

function sameOrBothNaN(a, b) {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

// Whether a collection or a text has an item; undefined of other values, which have properties.
function isIncluded(link, value, item) {
  const isDeep = flag(link, 'deep');
  const among = (items) => items.some((other) => (isDeep ? flag(link, 'eql')(other, item)
    : sameOrBothNaN(other, item)));
  switch (kindOf(value)) {
    // Not includes(), which refuses a RegExp.
    case 'string': return value.indexOf(item) !== -1;
    case 'array': return isDeep ? among(value) : value.indexOf(item) !== -1;
    case 'map': case 'set': return among(Array.from(value.values()));
    case 'weakset':
      if (isDeep) refuse(link, 'unable to use .deep.include with WeakSet');
      return value.has(item);
  }
  return undefined;
}

// An object contains another if it has all of its properties: one assertion for each. "not" is
// content with one that differs.
function includeProperties(link, expected) {
  const keys = Object.keys(expected);
  const isAnyEnough = flag(link, 'negate') && keys.length > 1;
  const errors = [];
  for (const key of keys) {
    const part = about(link, flag(link, 'object'));
    transferFlags(link, part, false);
    try {
      part.property(key, expected[key]);
    } catch (error) {
      if (!isAnyEnough || !(error instanceof AssertionError)) throw error;
      errors.push(error);
    }
  }
  if (isAnyEnough && errors.length === keys.length) throw errors[0];
}

chainables(['include', 'contain', 'contains', 'includes'], function (item, message) {
  setMessage(this, message);
  const value = flag(this, 'object');
  const included = isIncluded(this, value, item);
  if (included === undefined) {
    if (item !== Object(item)) {
      refuse(this, 'the given combination of arguments (' + kindOf(value) + ' and ' +
        kindOf(item) + ') is invalid for this assertion. You can use an array, a map, an object, ' +
        'a set, a string, or a weakset instead of a ' + kindOf(item));
    }
    includeProperties(this, item);
    return;
  }
  const words = (flag(this, 'deep') ? 'deep ' : '') + 'include ' + inspect(item);
  this.assert(included, 'expected #{this} to ' + words, 'expected #{this} to not ' + words);
}, function () { flag(this, 'contains', true); });

function compareByInspect(a, b) {
  return inspect(a) < inspect(b) ? -1 : 1;
}

// The keys that an assertion names: one list, an object's own, or all arguments.
function givenKeys(link, args, isCollection) {
  const type = typeOf(args[0]);
  if (isCollection) return type === 'Array' ? args[0] : args;
  if ((type === 'Array' || type === 'Object') && args.length > 1) {
    refuse(link, 'when testing keys against an object or an array you must give a single ' +
      'Array|Object|String argument or multiple String arguments');
  }
  const keys = type === 'Array' ? args[0] : type === 'Object' ? Object.keys(args[0]) : args;
  return keys.map((key) => (typeof key === 'symbol' ? key : String(key)));
}

// Whether keys are there: any, exactly all or, after "contain", at least all.
function hasKeys(link, actual, expected) {
  const equal = equality(link);
  const isThere = (key) => actual.some((other) => equal(key, other));
  if (flag(link, 'any')) return expected.some(isThere);
  return expected.every(isThere) && (flag(link, 'contains') || actual.length === expected.length);
}

function listedKeys(keys, isAny) {
  const texts = keys.map(inspect);
  if (texts.length === 1) return 'key ' + texts[0];
  const last = texts.pop();
  return 'keys ' + texts.join(', ') + (isAny ? ', or ' : ', and ') + last;
}

methods(['keys', 'key'], function (...args) {
  const value = flag(this, 'object');
  const isCollection = ['Map', 'Set'].includes(typeOf(value));
  const actual = isCollection ? Array.from(value.keys())
    : Object.keys(value).concat(enumerableSymbols(value));
  const expected = givenKeys(this, args, isCollection);
  if (expected.length === 0) refuse(this, 'keys required');
  const words = (isCollection && flag(this, 'deep') ? 'deeply ' : '') +
    (flag(this, 'contains') ? 'contain ' : 'have ') + listedKeys(expected, flag(this, 'any'));
  this.assert(hasKeys(this, actual, expected), 'expected #{this} to ' + words,
    'expected #{this} to not ' + words, expected.slice().sort(compareByInspect),
    actual.sort(compareByInspect), true);
});

// After "include" an item of the list may stand for several members.
function hasMembers(link, list, members) {
  const isPart = flag(link, 'contains');
  const equal = equality(link);
  if (!isPart && list.length !== members.length) return false;
  if (flag(link, 'ordered')) return members.every((member, i) => equal(member, list[i]));
  const rest = list.slice();
  return members.every((member) => {
    const at = rest.findIndex((other) => equal(member, other));
    if (at >= 0 && !isPart) rest.splice(at, 1);
    return at >= 0;
  });
}

methods(['members'], function (members, message) {
  setMessage(this, message);
  const list = flag(this, 'object');
  about(this, list).to.be.an('array');
  about(this, members).to.be.an('array');
  const isOrdered = flag(this, 'ordered');
  const words = flag(this, 'contains')
    ? 'be ' + (isOrdered ? 'an ordered' : 'a') + ' superset of #{exp}'
    : 'have the same ' + (isOrdered ? 'ordered ' : '') + 'members as #{exp}';
  this.assert(hasMembers(this, list, members), 'expected #{this} to ' + words,
    'expected #{this} to not ' + words, members, list, true);
});

methods(['oneOf'], function (list, message) {
  setMessage(this, message);
  const value = flag(this, 'object');
  about(this, list).to.be.an('array');
  const isDeep = flag(this, 'deep');
  let [words, not, passed] = ['be one of #{exp}', 'not ', list.indexOf(value) !== -1];
  if (flag(this, 'contains')) {
    words = 'contain one of #{exp}';
    passed = list.some((item) => value.indexOf(item) > -1);
  } else if (isDeep) {
    // chai says the same of "not".
    [words, not] = ['deeply equal one of #{exp}', ''];
    passed = list.some((item) => flag(this, 'eql')(value, item));
  }
  this.assert(passed, 'expected #{this} to ' + words, 'expected #{this} to ' + not + words, list,
    value);
});

Object.assign(exports, { hasProperty, pathInfo, compareByInspect });

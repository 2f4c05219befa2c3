'use strict';
// chai's other ways to assert than expect(): assert.equal() and the like, and value.should.

const { AssertionError, Assertion, flag, inspect } = require('lab:chai_assertion');
require('lab:chai_core');
require('lab:chai_parts');
require('lab:chai_calls');

// Fails in any case: (message) or (actual, expected, message, operator).
function failing(name) {
  return (...args) => {
    const [actual, expected, message, operator] = args.length < 2 ? [undefined, undefined, args[0]]
      : args;
    throw new AssertionError(message || name + '.fail()', { actual, expected, operator });
  };
}

function assert(expression, message) {
  new Assertion(null).assert(expression, message, '[ negation message unavailable ]');
}
assert.fail = failing('assert');

// What a name stands for: the words of a chain, the last of them called with so many of the
// arguments that follow the value, or with those that are given here.
function named(name, words, count, ...fixed) {
  assert[name] = (value, ...rest) => {
    const chain = words.split(' ');
    const last = chain.pop();
    let link = new Assertion(value, rest[count]);
    for (const word of chain) link = link[word];
    if (count === 0 && fixed.length === 0) void link[last];
    else link[last](...fixed, ...rest.slice(0, count));
  };
}

const isAsserted = { isOk: 'ok', isNotOk: 'not ok', isTrue: 'true', isFalse: 'false', isNaN: 'NaN',
  isNotNaN: 'not NaN', exists: 'exist', notExists: 'not exist', isFinite: 'finite',
  isExtensible: 'extensible', isNotExtensible: 'not extensible', isSealed: 'sealed',
  isNotSealed: 'not sealed', isFrozen: 'frozen', isNotFrozen: 'not frozen', isEmpty: 'empty',
  isNotEmpty: 'not empty' };
for (const name of Object.keys(isAsserted)) named(name, isAsserted[name], 0);

const isEqual = { isNotTrue: ['not equal', true], isNotFalse: ['not equal', false],
  isNull: ['equal', null], isNotNull: ['not equal', null], isUndefined: ['equal', undefined],
  isDefined: ['not equal', undefined] };
for (const name of Object.keys(isEqual)) named(name, isEqual[name][0], 0, isEqual[name][1]);

for (const type of ['Function', 'Object', 'Array', 'String', 'Number', 'Boolean']) {
  named('is' + type, 'be a', 0, type);
  named('isNot' + type, 'not be a', 0, type);
}

const withOne = { strictEqual: 'equal', notStrictEqual: 'not equal', deepEqual: 'eql',
  deepStrictEqual: 'eql', notDeepEqual: 'not eql', isAbove: 'above', isAtLeast: 'least',
  isBelow: 'below', isAtMost: 'most', typeOf: 'be a', notTypeOf: 'not be a',
  instanceOf: 'instanceOf', notInstanceOf: 'not instanceOf', match: 'match',
  notMatch: 'not match', lengthOf: 'lengthOf', oneOf: 'oneOf', hasAnyKeys: 'any keys',
  hasAllKeys: 'all keys', containsAllKeys: 'contain all keys', doesNotHaveAnyKeys: 'not any keys',
  doesNotHaveAllKeys: 'not all keys', hasAnyDeepKeys: 'any deep keys',
  hasAllDeepKeys: 'all deep keys', containsAllDeepKeys: 'contain all deep keys',
  doesNotHaveAnyDeepKeys: 'not any deep keys', doesNotHaveAllDeepKeys: 'not all deep keys' };
for (const name of Object.keys(withOne)) named(name, withOne[name], 1);

function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
}

// A name and its opposite.
function namedBoth(name, words, count) {
  named(name, words, count);
  named('not' + capitalized(name), 'not ' + words, count);
}
for (const kind of ['', 'deep', 'nested', 'deep nested', 'own', 'deep own']) {
  const prefix = kind.replace(/ (.)/, (all, letter) => letter.toUpperCase());
  const word = (name) => (prefix === '' ? name : prefix + capitalized(name));
  namedBoth(word('include'), (kind + ' include').trim(), 1);
  namedBoth(word('propertyVal'), (kind + ' property').trim(), 2);
  if (!kind.startsWith('deep')) namedBoth(word('property'), (kind + ' property').trim(), 1);
}
for (const kind of ['', 'deep', 'ordered', 'deep ordered']) {
  const middle = kind.split(' ').map((word) => word && capitalized(word)).join('');
  namedBoth('same' + middle + 'Members', ('same ' + kind).trim() + ' members', 1);
  namedBoth('include' + middle + 'Members', ('include ' + kind).trim() + ' members', 1);
}
named('closeTo', 'closeTo', 2);
named('approximately', 'approximately', 2);

// Unlike strictEqual(), these compare as == does.
assert.equal = (actual, expected, message) => {
  new Assertion(actual, message).assert(actual == expected, 'expected #{this} to equal #{exp}',
    'expected #{this} to not equal #{act}', expected, actual, true);
};
assert.notEqual = (actual, expected, message) => {
  new Assertion(actual, message).assert(actual != expected,
    'expected #{this} to not equal #{exp}', 'expected #{this} to equal #{act}', expected, actual,
    true);
};

// (call, kind, message pattern, message) or (call, message pattern, -, message)
assert.throws = (call, errorLike, matcher, message) =>
  flag(new Assertion(call, message).to.throw(errorLike, matcher), 'object');
assert.doesNotThrow = (call, errorLike, matcher, message) => {
  new Assertion(call, message).to.not.throw(errorLike, matcher);
};

const operators = {
  '==': (a, b) => a == b, '===': (a, b) => a === b, '!=': (a, b) => a != b,
  '!==': (a, b) => a !== b, '>': (a, b) => a > b, '>=': (a, b) => a >= b, '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};
assert.operator = (left, operator, right, message) => {
  if (!Object.hasOwn(operators, operator)) {
    throw new AssertionError((message ? message + ': ' : message) + 'Invalid operator "' +
      operator + '"');
  }
  const passed = operators[operator](left, right);
  const words = operator + ' ' + inspect(right);
  new Assertion(passed, message).assert(passed, 'expected ' + inspect(left) + ' to be ' + words,
    'expected ' + inspect(left) + ' to not be ' + words);
};

// (call, object, name, message), or without a name if the subject is a function that reads a value.
function withoutName(args) {
  const [call, subject, ...rest] = args;
  return args.length === 3 && typeof subject === 'function' ? [call, subject, null, ...rest] : args;
}

// The same with a number behind the name. If a message follows a reading function's number, chai
// takes the number for the name as well, and fails.
function withoutNameBy(args) {
  const [call, subject, ...rest] = args;
  if (args.length === 3) return [call, subject, null, ...rest];
  const isRead = args.length === 4 && typeof subject === 'function';
  return isRead ? [call, subject, rest[0], ...rest] : args;
}
for (const behavior of ['change', 'increase', 'decrease']) {
  const negated = 'doesNot' + capitalized(behavior);
  for (const [name, words] of [[behavior + 's', 'to'], [negated, 'not']]) {
    assert[name] = (...args) => {
      const [call, subject, property, message] = withoutName(args);
      new Assertion(call, message)[words][behavior](subject, property);
    };
  }
  for (const [name, words, by] of [[behavior + 'sBy', 'to', 'to'], [negated + 'By', 'not', 'to'],
    [behavior + 'sButNotBy', 'to', 'not']]) {
    // Of these chai has doesNotDecreaseBy() alone.
    if (words === 'not' && behavior !== 'decrease') continue;
    assert[name] = (...args) => {
      const [call, subject, property, delta, message] = withoutNameBy(args);
      new Assertion(call, message)[words][behavior](subject, property)[by].by(delta);
    };
  }
}

assert.ifError = (value) => {
  if (value) throw value;
};

const aliases = { ok: 'isOk', notOk: 'isNotOk', throw: 'throws', Throw: 'throws',
  extensible: 'isExtensible', notExtensible: 'isNotExtensible', sealed: 'isSealed',
  notSealed: 'isNotSealed', frozen: 'isFrozen', notFrozen: 'isNotFrozen', empty: 'isEmpty',
  notEmpty: 'isNotEmpty' };
for (const name of Object.keys(aliases)) assert[name] = assert[aliases[name]];

// Gives all values `should`; a script may still have a property of that name.
function should() {
  Object.defineProperty(Object.prototype, 'should', { configurable: true,
    get() {
      const isBoxed = [String, Number, Boolean, Symbol, BigInt].some((kind) =>
        this instanceof kind);
      return new Assertion(isBoxed ? this.valueOf() : this, null);
    },
    set(value) {
      Object.defineProperty(this, 'should',
        { value, enumerable: true, configurable: true, writable: true });
    } });
  return { fail: failing('should'), ...shouldWords('to'), not: shouldWords('not') };
}

function shouldWords(word) {
  const thrown = (call, errorLike, matcher, message) => {
    new Assertion(call, message)[word].throw(errorLike, matcher);
  };
  return { Throw: thrown, throw: thrown,
    equal(value, other, message) { new Assertion(value, message)[word].equal(other); },
    exist(value, message) { void new Assertion(value, message)[word].exist; } };
}

Object.assign(exports, { assert, failing, should });

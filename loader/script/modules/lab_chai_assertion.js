'use strict';
// The chain behind expect(value): words, flags and assertions after chai 4. Each assertion is told
// to `state.report`, which makes a check of it, and a failing one throws an AssertionError.

const { typeOf, deepEqual, inspected, displayed } = require('lab:chai_values');

const wordNames = ['to', 'be', 'been', 'is', 'and', 'has', 'have', 'with', 'that', 'which', 'at',
  'of', 'same', 'but', 'does', 'still', 'also'];
const flagNames = ['not', 'deep', 'nested', 'own', 'ordered'];

class AssertionError extends Error {
  constructor(message) {
    super(message);
    Object.defineProperty(this, 'name', { value: 'AssertionError', configurable: true });
  }
}

// What all links of one chain share. A text may stand for the value in messages.
class State {
  constructor(value, label, report) {
    this.value = value;
    this.label = label;
    this.report = report;
    this.flags = {};
    this.lengthOf = false;
    this.contains = false;
  }

  assert(passed, [positive, negative], expected, actual) {
    const ok = this.flags.not ? !passed : Boolean(passed);
    this.report(ok, this.flags.not ? negative : positive, { state: this, expected, actual });
  }

  // An assertion about another value in the course of this one.
  about(value) { return expectation(new State(value, this.label, this.report)); }

  // For values that an assertion is not made for: no check, the test just fails.
  refuse(what) {
    throw new AssertionError((this.label === undefined ? '' : this.label + ': ') + what);
  }
}

class Assertion {
  constructor(state) { this.state = state; }
}

const handler = {
  get(target, key, receiver) {
    if (key in target || typeof key === 'symbol' || key === 'then' || key === 'toJSON') {
      return Reflect.get(target, key, receiver);
    }
    throw new Error('Invalid Chai property: ' + key);
  },
};

function expectation(state) {
  return new Proxy(new Assertion(state), handler);
}

// A link that may be called as well, such as "an" in "be.an('array')" and "an.instanceof(Array)".
function callable(state, method) {
  const link = function (...args) { return method.call(link, ...args) || expectation(state); };
  delete link.length;
  delete link.name;
  Object.setPrototypeOf(link, Assertion.prototype);
  link.state = state;
  return new Proxy(link, handler);
}

function property(name, getter) {
  Object.defineProperty(Assertion.prototype, name, { get: getter, configurable: true });
}

// A property that asserts as soon as it is read.
function assertingProperty(names, test) {
  for (const name of names) {
    property(name, function () {
      test.call(this, this.state);
      return this;
    });
  }
}

function method(names, test) {
  for (const name of names) {
    Assertion.prototype[name] = function (...args) {
      return test.call(this, this.state, ...args) || expectation(this.state);
    };
  }
}

function chainableMethod(names, test, onRead) {
  for (const name of names) {
    property(name, function () {
      const { state } = this;
      onRead(state);
      return callable(state, (...args) => test.call(this, state, ...args));
    });
  }
}

for (const word of wordNames) property(word, function () { return this; });
for (const flag of flagNames) {
  property(flag, function () {
    this.state.flags[flag] = true;
    return this;
  });
}
property('any', function () {
  this.state.flags.any = true;
  this.state.flags.all = false;
  return this;
});
property('all', function () {
  this.state.flags.all = true;
  this.state.flags.any = false;
  return this;
});
property('itself', function () {
  this.state.flags.itself = true;
  return this;
});

Object.assign(exports, { AssertionError, State, expectation, property, assertingProperty, method,
  chainableMethod, typeOf, deepEqual, inspected, displayed });

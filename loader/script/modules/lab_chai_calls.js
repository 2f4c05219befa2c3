'use strict';
// chai's assertions about what a function does when it is called, and about a value's methods.

const { flag, inspect, display, setMessage, about, methods } = require('lab:chai_assertion');
require('lab:chai_core');
require('lab:chai_parts');

// What an error's kind is called: of an error that of its class, of a class its own.
function constructorName(errorLike) {
  if (errorLike instanceof Error) return errorLike.constructor.name;
  if (typeof errorLike !== 'function') return errorLike;
  return errorLike.name || new errorLike().name || '';
}

function compatibleInstance(thrown, errorLike) {
  return errorLike instanceof Error && thrown === errorLike;
}

function compatibleConstructor(thrown, errorLike) {
  const kind = errorLike instanceof Error ? errorLike.constructor : errorLike;
  const isKind = errorLike instanceof Error || kind === Error || kind.prototype instanceof Error;
  return isKind && (thrown.constructor === kind || thrown instanceof kind);
}

function compatibleMessage(thrown, matcher) {
  const text = typeof thrown === 'string' ? thrown : thrown.message;
  if (matcher instanceof RegExp) return matcher.test(text);
  return typeof matcher === 'string' && text.includes(matcher);
}

function getMessage(thrown) {
  if (typeof thrown === 'string') return thrown;
  return (thrown && thrown.message) || '';
}

const checkError = { compatibleInstance, compatibleConstructor, compatibleMessage, getMessage,
  getConstructorName: constructorName };

function errorText(errorLike) {
  return errorLike instanceof Error ? String(errorLike) : errorLike && constructorName(errorLike);
}

// What a call throws; undefined if it throws nothing.
function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

function assertThrown(link, thrown, errorLike) {
  const what = errorLike instanceof Error ? '#{exp}'
    : errorLike ? constructorName(errorLike) : 'an error';
  link.assert(thrown, 'expected #{this} to throw ' + what,
    'expected #{this} to not throw an error but #{act} was thrown',
    errorLike && String(errorLike), typeof thrown === 'string' ? thrown : errorText(thrown));
}

// The ways in which what was thrown is not as the chain has it: each is an assertion that fails.
function mismatches(link, thrown, errorLike, matcher) {
  const negate = Boolean(flag(link, 'negate'));
  const words = ['expected #{this} to throw #{exp} but #{act} was thrown',
    'expected #{this} to not throw #{exp}'];
  const found = [];
  if (errorLike instanceof Error && compatibleInstance(thrown, errorLike) === negate) {
    found.push({ words, expected: String(errorLike), actual: String(thrown) });
  }
  if (errorLike && compatibleConstructor(thrown, errorLike) === negate) {
    found.push({ words: [words[0], words[1] + ' but #{act} was thrown'],
      expected: errorText(errorLike), actual: errorText(thrown) });
  }
  if (matcher === undefined || matcher === null) return found;
  if (compatibleMessage(thrown, matcher) === negate) {
    const way = matcher instanceof RegExp ? 'matching' : 'including';
    found.push({ words: ['expected #{this} to throw error ' + way + ' #{exp} but got #{act}',
      'expected #{this} to throw error not ' + way + ' #{exp}'], isMessage: true,
    expected: matcher, actual: getMessage(thrown) });
  }
  return found;
}

methods(['throw', 'throws', 'Throw'], function (...args) {
  const isMatcher = typeof args[0] === 'string' || args[0] instanceof RegExp;
  const [errorLike, matcher] = isMatcher ? [null, args[0]] : args;
  setMessage(this, args[2]);
  const call = flag(this, 'object');
  const negate = flag(this, 'negate');
  about(this, call).is.a('function');
  const thrown = thrownBy(call);
  const isAny = errorLike === undefined && matcher === undefined;
  if (isAny || !negate) assertThrown(this, thrown, errorLike);
  let found = thrown ? mismatches(this, thrown, errorLike, matcher) : [];
  // "not" of both a kind and a message is wrong only if both are as it says.
  if (errorLike && matcher && negate) {
    const isBoth = found.some(({ isMessage }) => isMessage) &&
      found.some(({ isMessage }) => !isMessage);
    found = isBoth ? found.filter(({ isMessage }) => !isMessage).slice(-1) : [];
  }
  for (const { words, expected, actual } of found) this.assert(negate, ...words, expected, actual);
  flag(this, 'object', thrown);
});

methods(['respondTo', 'respondsTo'], function (name, message) {
  setMessage(this, message);
  const value = flag(this, 'object');
  const isInstances = typeof value === 'function' && !flag(this, 'itself');
  const owner = isInstances ? value.prototype : value;
  const words = 'respond to ' + inspect(name);
  this.assert(typeof owner[name] === 'function', 'expected #{this} to ' + words,
    'expected #{this} to not ' + words);
});

methods(['satisfy', 'satisfies'], function (matcher, message) {
  setMessage(this, message);
  const result = matcher(flag(this, 'object'));
  // chai forgot a space.
  this.assert(result, 'expected #{this} to satisfy ' + display(matcher),
    'expected #{this} to not satisfy' + display(matcher), !flag(this, 'negate'), result);
});

// Assertions on what calling the value does to a property of an object, or to a getter's result.
function changing(names, behavior, test) {
  methods(names, function (subject, name, message) {
    setMessage(this, message);
    const call = flag(this, 'object');
    about(this, call).is.a('function');
    if (name) about(this, subject).to.have.property(name);
    else about(this, subject).is.a('function');
    const read = name ? () => subject[name] : subject;
    const before = read();
    if (behavior !== 'change') about(this, before).is.a('number');
    call();
    const after = read();
    const what = name === undefined || name === null ? before : '.' + name;
    const flags = { deltaMsgObj: what, initialDeltaValue: before, finalDeltaValue: after,
      deltaBehavior: behavior, realDelta: behavior === 'decrease' ? before - after
        : after - before };
    for (const key of Object.keys(flags)) flag(this, key, flags[key]);
    this.assert(test(before, after), 'expected ' + what + ' to ' + behavior,
      'expected ' + what + ' to not ' + behavior);
  });
}
changing(['change', 'changes'], 'change', (before, after) => before !== after);
changing(['increase', 'increases'], 'increase', (before, after) => after - before > 0);
changing(['decrease', 'decreases'], 'decrease', (before, after) => after - before < 0);

// A change by 2 may go either way.
methods(['by'], function (delta, message) {
  setMessage(this, message);
  const behavior = flag(this, 'deltaBehavior');
  const real = flag(this, 'realDelta');
  const what = 'expected ' + flag(this, 'deltaMsgObj') + ' to ';
  this.assert((behavior === 'change' ? Math.abs(real) : real) === Math.abs(delta),
    what + behavior + ' by ' + delta, what + 'not ' + behavior + ' by ' + delta);
});

exports.checkError = checkError;

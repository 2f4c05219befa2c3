'use strict';
// chai's words and its assertions about a value itself: its type, truth, order and text.

const { Assertion, flag, inspect, setMessage, about, refuse, methods, chainables, properties } =
  require('lab:chai_assertion');
const { typeOf, kindOf } = require('lab:chai_values');

properties(['to', 'be', 'been', 'is', 'and', 'has', 'have', 'with', 'that', 'which', 'at', 'of',
  'same', 'but', 'does', 'still', 'also']);

// A word that says how the assertions behind it are meant.
function word(name, flags = { [name]: true }) {
  Assertion.addProperty(name, function () {
    for (const key of Object.keys(flags)) flag(this, key, flags[key]);
  });
}
word('not', { negate: true });
word('deep');
word('nested');
word('own');
word('ordered');
word('any', { any: true, all: false });
word('all', { all: true, any: false });
word('itself');

// A property that asserts as soon as it is read. chai has "not" now before "to" and now behind it.
function asserting(names, test, positive, negative) {
  properties(names, function () {
    this.assert(test(flag(this, 'object')), 'expected #{this} ' + positive,
      'expected #{this} ' + negative);
  });
}

function article(kind) {
  return /^[aeiou]/.test(kind) ? 'an ' : 'a ';
}

chainables(['an', 'a'], function (type, message) {
  setMessage(this, message);
  const kind = type.toLowerCase();
  const words = 'to be ' + article(kind) + kind;
  this.assert(kind === kindOf(flag(this, 'object')), 'expected #{this} ' + words,
    'expected #{this} not ' + words);
});

asserting(['ok'], (value) => value, 'to be truthy', 'to be falsy');
for (const truth of [true, false]) {
  properties([String(truth)], function () {
    this.assert(flag(this, 'object') === truth, 'expected #{this} to be ' + truth,
      'expected #{this} to be ' + !truth, flag(this, 'negate') ? !truth : truth);
  });
}
asserting(['null'], (value) => value === null, 'to be null', 'not to be null');
asserting(['undefined'], (value) => value === undefined, 'to be undefined', 'not to be undefined');
asserting(['NaN'], Number.isNaN, 'to be NaN', 'not to be NaN');
asserting(['exist', 'exists'], (value) => value !== null && value !== undefined, 'to exist',
  'to not exist');
asserting(['extensible'], Object.isExtensible, 'to be extensible', 'to not be extensible');
asserting(['sealed'], Object.isSealed, 'to be sealed', 'to not be sealed');
asserting(['frozen'], Object.isFrozen, 'to be frozen', 'to not be frozen');
asserting(['finite'], Number.isFinite, 'to be a finite number', 'to not be a finite number');

properties(['arguments', 'Arguments'], function () {
  const type = typeOf(flag(this, 'object'));
  this.assert(type === 'Arguments', 'expected #{this} to be arguments but got ' + type,
    'expected #{this} to not be arguments');
});

function itemCount(link, value) {
  switch (kindOf(value)) {
    case 'array': case 'string': return value.length;
    case 'map': case 'set': return value.size;
    case 'weakmap': case 'weakset': return refuse(link, '.empty was passed a weak collection');
    case 'function': return refuse(link, ('.empty was passed a function ' + value.name).trim());
  }
  return value === Object(value) ? Object.keys(value).length
    : refuse(link, '.empty was passed non-string primitive ' + inspect(value));
}
properties(['empty'], function () {
  this.assert(itemCount(this, flag(this, 'object')) === 0, 'expected #{this} to be empty',
    'expected #{this} not to be empty');
});

methods(['equal', 'equals', 'eq'], function (expected, message) {
  setMessage(this, message);
  if (flag(this, 'deep')) {
    this.eql(expected);
    return;
  }
  const value = flag(this, 'object');
  this.assert(value === expected, 'expected #{this} to equal #{exp}',
    'expected #{this} to not equal #{exp}', expected, value, true);
});
methods(['eql', 'eqls'], function (expected, message) {
  setMessage(this, message);
  const value = flag(this, 'object');
  this.assert(flag(this, 'eql')(expected, value), 'expected #{this} to deeply equal #{exp}',
    'expected #{this} to not deeply equal #{exp}', expected, value, true);
});

// {count, word} of how long a value is, by the property that says so.
function extent(link) {
  const value = flag(link, 'object');
  const isCollection = ['map', 'set'].includes(kindOf(value));
  if (isCollection) return { count: value.size, noun: 'size' };
  about(link, value).to.have.property('length');
  return { count: value.length, noun: 'length' };
}

chainables(['length', 'lengthOf'], function (expected, message) {
  setMessage(this, message);
  const { count, noun } = extent(this);
  const words = 'have a ' + noun + ' of ';
  // '3' is 3 to chai, too.
  this.assert(count == expected, 'expected #{this} to ' + words + '#{exp} but got #{act}',
    'expected #{this} to not ' + words + '#{act}', expected, count);
}, function () { flag(this, 'doLength', true); });

// Numbers are compared with numbers and dates with dates; behind "length" numbers alone.
function checkOrdered(link, limits, name) {
  const value = flag(link, 'object');
  const kind = kindOf(value);
  const isLength = flag(link, 'doLength');
  const which = limits.length > 1 ? 'the arguments to ' + name + ' must be '
    : 'the argument to ' + name + ' must be a ';
  const plural = limits.length > 1 ? 's' : '';
  const all = (wanted) => limits.every((limit) => kindOf(limit) === wanted);
  if (!isLength && kind === 'date' && !all('date')) refuse(link, which + 'date' + plural);
  if ((isLength || kind === 'number') && !all('number')) refuse(link, which + 'number' + plural);
  if (!isLength && kind !== 'date' && kind !== 'number') {
    refuse(link, 'expected ' + (kind === 'string' ? '\'' + value + '\'' : value) +
      ' to be a number or a date');
  }
}

// `negative` and `shorter` are what "not" makes of the words, of values and of lengths.
function comparison(names, { words, negative, shorter, test }) {
  methods(names, function (limit, message) {
    setMessage(this, message);
    const isLength = flag(this, 'doLength');
    const found = isLength ? extent(this) : null;
    checkOrdered(this, [limit], names[0]);
    if (found === null) {
      this.assert(test(flag(this, 'object'), limit), 'expected #{this} to be ' + words + ' #{exp}',
        'expected #{this} to be ' + negative + ' #{exp}', limit);
      return;
    }
    const { count, noun } = found;
    this.assert(test(count, limit),
      'expected #{this} to have a ' + noun + ' ' + words + ' #{exp} but got #{act}',
      'expected #{this} to ' + shorter(noun) + ' #{exp}', limit, count);
  });
}
comparison(['above', 'gt', 'greaterThan'], { words: 'above', negative: 'at most',
  shorter: (noun) => 'not have a ' + noun + ' above', test: (a, b) => a > b });
comparison(['least', 'gte', 'greaterThanOrEqual'], { words: 'at least', negative: 'below',
  shorter: (noun) => 'have a ' + noun + ' below', test: (a, b) => a >= b });
comparison(['below', 'lt', 'lessThan'], { words: 'below', negative: 'at least',
  shorter: (noun) => 'not have a ' + noun + ' below', test: (a, b) => a < b });
comparison(['most', 'lte', 'lessThanOrEqual'], { words: 'at most', negative: 'above',
  shorter: (noun) => 'have a ' + noun + ' above', test: (a, b) => a <= b });

methods(['within'], function (low, high, message) {
  setMessage(this, message);
  const found = flag(this, 'doLength') ? extent(this) : null;
  checkOrdered(this, [low, high], 'within');
  const value = found === null ? flag(this, 'object') : found.count;
  const range = [low, high].map((limit) =>
    (kindOf(limit) === 'date' ? limit.toISOString() : limit)).join('..');
  const words = (found === null ? 'be' : 'have a ' + found.noun) + ' within ' + range;
  this.assert(value >= low && value <= high, 'expected #{this} to ' + words,
    'expected #{this} to not ' + words);
});

function isInstance(link, constructor) {
  try {
    return flag(link, 'object') instanceof constructor;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse(link, 'The instanceof assertion needs a constructor but ' +
      typeOf(constructor) + ' was given.');
  }
}
methods(['instanceof', 'instanceOf'], function (constructor, message) {
  setMessage(this, message);
  const passed = isInstance(this, constructor);
  const name = typeof constructor === 'function' ? constructor.name : 'an unnamed constructor';
  this.assert(passed, 'expected #{this} to be an instance of ' + name,
    'expected #{this} to not be an instance of ' + name);
});

methods(['match', 'matches'], function (pattern, message) {
  setMessage(this, message);
  this.assert(pattern.exec(flag(this, 'object')), 'expected #{this} to match ' + pattern,
    'expected #{this} not to match ' + pattern);
});

methods(['string'], function (text, message) {
  setMessage(this, message);
  const value = flag(this, 'object');
  about(this, value).is.a('string');
  this.assert(value.includes(text), 'expected #{this} to contain ' + inspect(text),
    'expected #{this} to not contain ' + inspect(text));
});

methods(['closeTo', 'approximately'], function (expected, delta, message) {
  setMessage(this, message);
  const value = flag(this, 'object');
  about(this, value).is.a('number');
  if (typeof expected !== 'number' || typeof delta !== 'number') {
    refuse(this, 'the arguments to closeTo or approximately must be numbers' +
      (delta === undefined ? ', and a delta is required' : ''));
  }
  const words = 'to be close to ' + expected + ' +/- ' + delta;
  this.assert(Math.abs(value - expected) <= delta, 'expected #{this} ' + words,
    'expected #{this} not ' + words);
});

'use strict';
// chai's assertions about a value itself: its type, truth, order, text and behaviour.

const { assertingProperty, method, chainableMethod, typeOf, deepEqual, inspected } =
  require('lab:chai_assertion');

function withMessage(state, message) {
  if (message !== undefined) state.label = message;
}

function isType(state, type, message) {
  withMessage(state, message);
  const name = String(type).toLowerCase();
  const article = /^[aeiou]/.test(name) ? 'an ' : 'a ';
  state.assert(name === typeOf(state.value),
    ['expected #{this} to be ' + article + name, 'expected #{this} not to be ' + article + name]);
}
chainableMethod(['an', 'a'], isType, () => {});

function literal(name, test, words) {
  assertingProperty([name], (state) => {
    state.assert(test(state.value), words);
  });
}
function being(name, test, what = name) {
  literal(name, test, ['expected #{this} to be ' + what, 'expected #{this} to not be ' + what]);
}
literal('ok', Boolean, ['expected #{this} to be truthy', 'expected #{this} to be falsy']);
literal('true', (value) => value === true,
  ['expected #{this} to be true', 'expected #{this} to be false']);
literal('false', (value) => value === false,
  ['expected #{this} to be false', 'expected #{this} to be true']);
being('null', (value) => value === null);
being('undefined', (value) => value === undefined);
literal('NaN', Number.isNaN, ['expected #{this} to be NaN', 'expected #{this} not to be NaN']);
being('extensible', (value) => Object.isExtensible(value));
being('sealed', (value) => Object.isSealed(value));
being('frozen', (value) => Object.isFrozen(value));
literal('finite', Number.isFinite,
  ['expected #{this} to be a finite number', 'expected #{this} to not be a finite number']);
assertingProperty(['exist', 'exists'], (state) => state.assert(
  state.value !== null && state.value !== undefined,
  ['expected #{this} to exist', 'expected #{this} to not exist']));
assertingProperty(['arguments', 'Arguments'], (state) => {
  const name = Object.prototype.toString.call(state.value).slice(8, -1);
  state.assert(name === 'Arguments',
    ['expected #{this} to be arguments got ' + name, 'expected #{this} to not be arguments']);
});

function itemCount(state) {
  const { value } = state;
  switch (typeOf(value)) {
    case 'array': case 'string': return value.length;
    case 'map': case 'set': return value.size;
    case 'function': case 'weakmap': case 'weakset': break;
    default:
      if (value === Object(value)) return Object.keys(value).length;
  }
  return state.refuse('.empty was passed ' + (typeof value === 'function' ? 'a function'
    : 'non-string primitive ' + inspected(value)));
}
assertingProperty(['empty'], (state) => state.assert(itemCount(state) === 0,
  ['expected #{this} to be empty', 'expected #{this} not to be empty']));

function deeplyEquals(state, expected, message) {
  withMessage(state, message);
  state.assert(deepEqual(state.value, expected), ['expected #{this} to deeply equal #{exp}',
    'expected #{this} to not deeply equal #{exp}'], expected, state.value);
}
method(['eql', 'eqls'], deeplyEquals);
method(['equal', 'equals', 'eq'], (state, expected, message) => {
  if (state.flags.deep) return deeplyEquals(state, expected, message);
  withMessage(state, message);
  return state.assert(state.value === expected, ['expected #{this} to equal #{exp}',
    'expected #{this} to not equal #{exp}'], expected, state.value);
});

// The value to compare, or, after "length", its length.
function measured(state) {
  if (!state.lengthOf) return state.value;
  const kind = typeOf(state.value);
  if (kind === 'map' || kind === 'set') return state.value.size;
  state.about(state.value).to.have.property('length');
  return state.value.length;
}

function checkedOrdered(state, actual, limits) {
  const kinds = limits.map(typeOf);
  if (state.lengthOf ? kinds.some((kind) => kind !== 'number')
    : kinds.some((kind) => kind !== typeOf(actual) || (kind !== 'number' && kind !== 'date'))) {
    state.refuse('the argument and ' + inspected(actual) + ' must be numbers or dates');
  }
}

function comparison(names, [words, opposite], test) {
  method(names, (state, limit, message) => {
    withMessage(state, message);
    const actual = measured(state);
    checkedOrdered(state, actual, [limit]);
    const length = state.lengthOf;
    state.assert(test(actual, limit),
      length ? ['expected #{this} to have a length ' + words + ' #{exp} got #{act}',
        'expected #{this} to not have a length ' + words + ' #{exp}']
        : ['expected #{this} to be ' + words + ' #{exp}',
          'expected #{this} to be ' + opposite + ' #{exp}'], limit, actual);
  });
}
comparison(['above', 'gt', 'greaterThan'], ['above', 'at most'], (a, b) => a > b);
comparison(['least', 'gte', 'greaterThanOrEqual'], ['at least', 'below'], (a, b) => a >= b);
comparison(['below', 'lt', 'lessThan'], ['below', 'at least'], (a, b) => a < b);
comparison(['most', 'lte', 'lessThanOrEqual'], ['at most', 'above'], (a, b) => a <= b);

method(['within'], (state, low, high, message) => {
  withMessage(state, message);
  const actual = measured(state);
  checkedOrdered(state, actual, [low, high]);
  const range = (low instanceof Date ? low.toISOString() : low) + '..' +
    (high instanceof Date ? high.toISOString() : high);
  const what = state.lengthOf ? 'have a length within ' : 'be within ';
  state.assert(actual >= low && actual <= high,
    ['expected #{this} to ' + what + range, 'expected #{this} to not ' + what + range]);
});

function hasLength(state, length, message) {
  withMessage(state, message);
  const kind = typeOf(state.value);
  const isSized = kind === 'map' || kind === 'set';
  if (!isSized) state.about(state.value).to.have.property('length');
  const actual = isSized ? state.value.size : state.value.length;
  const word = isSized ? 'size' : 'length';
  state.assert(actual === length, ['expected #{this} to have a ' + word + ' of #{exp} got #{act}',
    'expected #{this} to not have a ' + word + ' of #{act}'], length, actual);
}
chainableMethod(['length', 'lengthOf'], hasLength, (state) => { state.lengthOf = true; });

method(['instanceof', 'instanceOf'], (state, constructor, message) => {
  withMessage(state, message);
  if (typeof constructor !== 'function') {
    state.refuse('The instanceof assertion needs a constructor but ' + typeOf(constructor) +
      ' was given.');
  }
  const name = constructor.name || 'an unnamed constructor';
  state.assert(state.value instanceof constructor,
    ['expected #{this} to be an instance of ' + name,
      'expected #{this} to not be an instance of ' + name]);
});

method(['match', 'matches'], (state, pattern, message) => {
  withMessage(state, message);
  state.assert(pattern.exec(state.value) !== null,
    ['expected #{this} to match ' + pattern, 'expected #{this} not to match ' + pattern]);
});

method(['string'], (state, text, message) => {
  withMessage(state, message);
  state.about(state.value).is.a('string');
  state.assert(state.value.includes(text), ['expected #{this} to contain ' + inspected(text),
    'expected #{this} to not contain ' + inspected(text)]);
});

method(['closeTo', 'approximately'], (state, expected, delta, message) => {
  withMessage(state, message);
  state.about(state.value).is.a('number');
  if (typeof expected !== 'number' || typeof delta !== 'number') {
    state.refuse('the arguments to closeTo or approximately must be numbers');
  }
  const words = 'be close to ' + expected + ' +/- ' + delta;
  state.assert(Math.abs(state.value - expected) <= delta,
    ['expected #{this} to ' + words, 'expected #{this} not to ' + words]);
});

method(['satisfy', 'satisfies'], (state, matcher, message) => {
  withMessage(state, message);
  state.assert(matcher(state.value), ['expected #{this} to satisfy ' + inspected(matcher),
    'expected #{this} to not satisfy ' + inspected(matcher)]);
});

method(['respondTo', 'respondsTo'], (state, name, message) => {
  withMessage(state, message);
  const isInstances = typeof state.value === 'function' && !state.flags.itself;
  const owner = isInstances ? state.value.prototype : state.value;
  state.assert(typeof owner[name] === 'function',
    ['expected #{this} to respond to ' + inspected(name),
      'expected #{this} to not respond to ' + inspected(name)]);
});

exports.withMessage = withMessage;

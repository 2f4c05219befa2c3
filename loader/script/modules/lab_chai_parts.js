'use strict';
// chai's assertions about parts of a value, what it contains, and what a function does.

const { method, chainableMethod, typeOf, deepEqual, inspected } =
  require('lab:chai_assertion');
const { withMessage } = require('lab:chai_core');

// The steps of "a.b[1].c".
function pathSteps(path) {
  return String(path).replace(/\\([.[\]])/g, (all, c) => '\0' + c.charCodeAt(0) + '\0')
    .split(/[.[\]]+/).filter((step) => step !== '')
    .map((step) => step.replace(/\0(\d+)\0/g, (all, code) => String.fromCharCode(code)));
}

// {exists, value} of a property, or of a path if the chain says "nested".
function found(state, name) {
  const { flags } = state;
  if (state.value === null || state.value === undefined) {
    state.refuse('Target cannot be null or undefined.');
  }
  let owner = Object(state.value);
  const steps = flags.nested ? pathSteps(name) : [name];
  for (const step of steps.slice(0, -1)) {
    if (owner === null || owner === undefined) return { exists: false };
    owner = owner[step];
  }
  const last = steps[steps.length - 1];
  if (owner === null || owner === undefined) return { exists: false };
  const exists = flags.own ? Object.prototype.hasOwnProperty.call(owner, last)
    : last in Object(owner);
  return { exists, value: exists ? owner[last] : undefined };
}

function hasProperty(state, name, ...rest) {
  withMessage(state, rest[1]);
  const { flags } = state;
  const result = found(state, name);
  const kind = (flags.deep ? 'deep ' : '') + (flags.own ? 'own ' : '') +
    (flags.nested ? 'nested ' : '') + 'property ';
  const shown = kind + inspected(name);
  // "not.property(name, value)" is about the value only.
  if (!flags.not || rest.length === 0) {
    state.assert(result.exists, ['expected #{this} to have ' + shown,
      'expected #{this} to not have ' + shown], name, result.value);
  }
  if (rest.length > 0) {
    const same = flags.deep ? deepEqual(rest[0], result.value) : rest[0] === result.value;
    state.assert(result.exists && same,
      ['expected #{this} to have ' + shown + ' of #{exp}, got #{act}',
        'expected #{this} to not have ' + shown + ' of #{act}'], rest[0], result.value);
  }
  state.value = result.value;
}
method(['property'], hasProperty);
method(['ownProperty', 'haveOwnProperty'], (state, ...args) => {
  state.flags.own = true;
  hasProperty(state, ...args);
});
method(['ownPropertyDescriptor', 'haveOwnPropertyDescriptor'], (state, name) => {
  const descriptor = Object.getOwnPropertyDescriptor(Object(state.value), name);
  state.assert(descriptor !== undefined,
    ['expected #{this} to have an own property descriptor for ' + inspected(name),
      'expected #{this} to not have an own property descriptor for ' + inspected(name)]);
  state.value = descriptor;
});

function isIn(list, item, isDeep) {
  const items = Array.from(list);
  return isDeep ? items.some((other) => deepEqual(other, item))
    : items.some((other) => other === item || (Number.isNaN(other) && Number.isNaN(item)));
}

// An object contains another if it has all of its properties: one assertion for each.
function includesProperties(state, expected) {
  for (const key of Object.keys(expected)) {
    const part = state.about(state.value);
    Object.assign(part.state.flags, state.flags);
    part.property(key, expected[key]);
  }
}

function isIncluded(state, item) {
  switch (typeOf(state.value)) {
    case 'string': return state.value.includes(item);
    case 'map': case 'set': return isIn(state.value.values(), item, state.flags.deep);
    case 'array': return isIn(state.value, item, state.flags.deep);
  }
  return null;
}

function includes(state, item, message) {
  withMessage(state, message);
  const included = isIncluded(state, item);
  if (included === null) {
    if (item !== Object(item) || state.value !== Object(state.value)) {
      state.refuse('the given combination of arguments (' + typeOf(state.value) + ' and ' +
        typeOf(item) + ') is invalid for this assertion.');
    }
    includesProperties(state, item);
    return;
  }
  const what = (state.flags.deep ? 'deep ' : '') + 'include ' + inspected(item);
  state.assert(included, ['expected #{this} to ' + what, 'expected #{this} to not ' + what]);
}
chainableMethod(['include', 'contain', 'contains', 'includes'], includes,
  (state) => { state.contains = true; });

// Whether keys are there: any, exactly all or, after "contain", at least all.
function hasKeys(actual, expected, state) {
  if (state.flags.any) return expected.some((key) => isIn(actual, key, state.flags.deep));
  const all = expected.every((key) => isIn(actual, key, state.flags.deep));
  return all && (state.contains || actual.length === expected.length);
}

function listedKeys(keys, isAny) {
  const shown = keys.map((key) => inspected(key));
  if (shown.length === 1) return 'key ' + shown[0];
  const last = shown.pop();
  return 'keys ' + shown.join(', ') + ', ' + (isAny ? 'or ' : 'and ') + last;
}

method(['keys', 'key'], (state, ...args) => {
  const kind = typeOf(state.value);
  const isCollection = kind === 'map' || kind === 'set';
  const actual = isCollection ? Array.from(state.value.keys()) : Reflect.ownKeys(state.value)
    .filter((key) => Object.prototype.propertyIsEnumerable.call(state.value, key));
  const first = args[0];
  const given = Array.isArray(first) ? first
    : typeOf(first) === 'object' && !isCollection ? Object.keys(first) : args;
  if (given.length === 0) state.refuse('keys required');
  const expected = isCollection ? given : given.map((key) =>
    (typeof key === 'symbol' ? key : String(key)));
  const what = (state.contains ? 'contain ' : 'have ') + listedKeys(expected, state.flags.any);
  state.assert(hasKeys(actual, expected, state),
    ['expected #{this} to ' + what, 'expected #{this} to not ' + what], expected, actual);
});

function isSuperset(list, part, isDeep) {
  const rest = list.slice();
  return part.every((item) => {
    const at = rest.findIndex((other) => (isDeep ? deepEqual(other, item) : other === item));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function hasMembers(state, members) {
  const { value, flags } = state;
  if (!state.contains && value.length !== members.length) return false;
  if (flags.ordered) {
    return members.every((item, i) => (flags.deep ? deepEqual(item, value[i]) : item === value[i]));
  }
  return isSuperset(value, members, flags.deep);
}

method(['members'], (state, members, message) => {
  withMessage(state, message);
  state.about(state.value).to.be.an('array');
  state.about(members).to.be.an('array');
  const ordered = state.flags.ordered ? 'ordered ' : '';
  const what = state.contains
    ? 'be ' + (ordered === '' ? 'a' : 'an ordered') + ' superset of #{exp}'
    : 'have the same ' + ordered + 'members as #{exp}';
  state.assert(hasMembers(state, members),
    ['expected #{this} to ' + what, 'expected #{this} to not ' + what], members, state.value);
});

method(['oneOf'], (state, list, message) => {
  withMessage(state, message);
  state.about(list).to.be.an('array');
  const passed = state.contains ? list.some((item) => state.value.indexOf(item) > -1)
    : isIn(list, state.value, state.flags.deep);
  const what = (state.contains ? 'contain' : 'be') + ' one of #{exp}';
  state.assert(passed, ['expected #{this} to ' + what, 'expected #{this} to not ' + what], list,
    state.value);
});

function isCompatible(error, errorLike) {
  if (errorLike === null || errorLike === undefined) return true;
  return typeof errorLike === 'function' ? error instanceof errorLike : error === errorLike;
}

function messageMatches(error, matcher) {
  if (matcher === null || matcher === undefined) return true;
  const text = String(error !== null && typeof error === 'object' ? error.message : error);
  return matcher instanceof RegExp ? matcher.test(text) : text.includes(matcher);
}

function errorName(errorLike) {
  if (errorLike instanceof Error) return '#{exp}';
  return errorLike ? errorLike.name : 'an error';
}

// What a call throws: {threw, error}.
function outcome(call) {
  try {
    call();
    return { threw: false };
  } catch (error) {
    return { threw: true, error };
  }
}

method(['throw', 'throws', 'Throw'], (state, ...args) => {
  const isText = typeof args[0] === 'string' || args[0] instanceof RegExp;
  const [errorLike, matcher, message] = isText ? [null, ...args] : args;
  withMessage(state, message);
  state.about(state.value).is.a('function');
  const { threw, error } = outcome(state.value);
  const isPlain = (errorLike === undefined || errorLike === null) && matcher === undefined;
  if (isPlain || !state.flags.not) {
    const what = errorName(errorLike);
    state.assert(threw, ['expected #{this} to throw ' + what,
      'expected #{this} to not throw an error #{act} was thrown'], errorLike, error);
  }
  const isMatch = threw && isCompatible(error, errorLike) && messageMatches(error, matcher);
  state.value = error;
  if (isPlain || (state.flags.not ? !isMatch : isMatch)) return;
  const isOther = threw && !isCompatible(error, errorLike);
  state.assert(isMatch, isOther || matcher === undefined
    ? ['expected #{this} to throw #{exp} #{act} was thrown', 'expected #{this} to not throw #{exp}']
    : ['expected #{this} to throw error ' + (matcher instanceof RegExp ? 'matching' : 'including') +
        ' #{exp} got #{act}', 'expected #{this} to throw error not matching #{exp}'],
  isOther || matcher === undefined ? errorLike && errorLike.name : matcher, error);
});

// Assertions on what calling the value does to a property of an object, or to a getter's result.
function changing(names, words, test) {
  method(names, (state, subject, name) => {
    state.about(state.value).is.a('function');
    if (name !== undefined) state.about(subject).to.have.property(name);
    const read = name === undefined ? subject : () => subject[name];
    const before = read();
    if (words !== 'change') state.about(before).is.a('number');
    state.value();
    const change = read() - before;
    state.change = Math.abs(change);
    state.changeWords = words;
    state.changed = name === undefined ? '' : '.' + name;
    const what = (name === undefined ? 'expected #{this} ' : 'expected .' + name + ' ');
    state.assert(test(change, before, read()), [what + 'to ' + words, what + 'to not ' + words]);
  });
}
changing(['change', 'changes'], 'change', (change, before, after) => before !== after);
changing(['increase', 'increases'], 'increase', (change) => change > 0);
changing(['decrease', 'decreases'], 'decrease', (change) => change < 0);
method(['by'], (state, delta) => {
  const what = 'expected ' + state.changed + ' to ' + state.changeWords + ' by ' + delta;
  state.assert(state.change === delta, [what, what.replace(' to ', ' to not ')]);
});

// A response of k6/http whose body is JSON; the chain goes on with what the body says.
function jsonOf(response) {
  try {
    return { isValid: true, value: response.json() };
  } catch (error) {
    return { isValid: false };
  }
}
method(['validJsonBody'], (state) => {
  const { isValid } = jsonOf(state.value);
  state.assert(isValid, ['has valid json body', 'does not have valid json body']);
});


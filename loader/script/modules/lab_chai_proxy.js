'use strict';
// What finds misspelt words of a chain: reading a property that is not there throws, with the one
// that was probably meant.

const internals = ['__flags', '__methods', '_obj', 'assert'];

function allNames(object) {
  const names = [];
  for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
    names.push(...Object.getOwnPropertyNames(at));
  }
  return names;
}

// How many letters must be added, removed or replaced.
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1,
        above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
  }
  return row[b.length];
}

function suggestion(target, name) {
  let best = '';
  let least = 4;
  for (const other of allNames(target)) {
    if (other in Object.prototype || internals.includes(other)) continue;
    const count = Math.abs(name.length - other.length) < least ? distance(name, other) : least;
    if (count < least) {
      best = other;
      least = count;
    }
  }
  return best === '' ? '' : '. Did you mean "' + best + '"?';
}

function usage(name) {
  return ' docs for proper usage of "' + name + '".';
}

function misspelt(object, name) {
  return new Error('Invalid Chai property: ' + name + suggestion(object, name));
}

function isLetPass(config, name) {
  return typeof name !== 'string' || config.proxyExcludedKeys.includes(name);
}

// There is a link for each word of a chain: handlers are made once.
const handlers = new Map();

function keptHandler(key, make) {
  if (!handlers.has(key)) handlers.set(key, make());
  return handlers.get(key);
}

// methodName: of a method, whose own properties are none of the chain's.
function proxied(target, config, methodName) {
  if (!config.useProxy) return target;
  return new Proxy(target, keptHandler(methodName || config, () => ({ get(object, name) {
    if (Reflect.has(object, name) || isLetPass(config, name)) return Reflect.get(object, name);
    throw methodName ? new Error('Invalid Chai property: ' + methodName + '.' + name + '. See' +
      usage(methodName)) : misspelt(object, name);
  } })));
}

function lengthError(name, isChainable) {
  return new Error('Invalid Chai property: ' + name + '.length. ' + (isChainable
    ? 'Due to a compatibility issue, "length" cannot directly follow "' + name + '". Use "' + name +
      '.lengthOf" instead.' : 'See' + usage(name)));
}

// A function whose own length is not mistaken for the word "length".
function guarded(link, name, isChainable) {
  return Object.defineProperty(link, 'length', { get() { throw lengthError(name, isChainable); } });
}

function callableHandler(config, prototype, word) {
  return {
    get(link, name, receiver) {
      if (name === '__flags') return link.__flags;
      if (name === 'length') throw lengthError(word, true);
      if (Reflect.has(prototype, name)) return Reflect.get(prototype, name, receiver);
      if (Reflect.has(link, name) || isLetPass(config, name)) return Reflect.get(link, name);
      throw misspelt(prototype, name);
    },
    set(link, name, value, receiver) {
      return name === '__flags' ? Reflect.set(link, name, value)
        : Reflect.set(prototype, name, value, receiver);
    },
    getPrototypeOf() { return prototype; },
  };
}

// A function that is a link as well, with what the prototype of links has. Giving each a prototype
// of its own takes three times as long (15 us against 5): that is for runs without proxies.
function callable(link, { config, prototype, word }) {
  if (config.useProxy) {
    return new Proxy(link, keptHandler('a callable ' + word, () =>
      callableHandler(config, prototype, word)));
  }
  const { call, apply } = Function.prototype;
  Object.setPrototypeOf(link, Object.create(prototype, { call: { value: call },
    apply: { value: apply } }));
  return guarded(link, word, true);
}

Object.assign(exports, { proxied, guarded, callable });

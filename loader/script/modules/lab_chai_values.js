'use strict';
// Types of values, and how chai compares them deeply.

// "null", "Array", "string", "Map", what a Symbol.toStringTag says ...
function typeOf(value) {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (value === globalThis) return 'global';
  if (Array.isArray(value) && !(Symbol.toStringTag in value)) return 'Array';
  return Object.prototype.toString.call(value).slice(8, -1);
}

function kindOf(value) {
  return typeOf(value).toLowerCase();
}

function enumerableSymbols(object) {
  return Object.getOwnPropertySymbols(object).filter((symbol) =>
    Object.prototype.propertyIsEnumerable.call(object, symbol));
}

// With those that it inherits.
function enumerableKeys(object) {
  const keys = [];
  for (const key in object) keys.push(key);
  return keys.concat(enumerableSymbols(object));
}

function sameList(a, b, context) {
  return a.length === b.length && Array.prototype.every.call(a, (item, i) =>
    equalWithin(item, b[i], context));
}

function sameParts(a, b, keys, context) {
  return keys.every((key) => equalWithin(a[key], b[key], context));
}

// Sets and maps are compared in the order of what their entries are as texts.
function sameEntries(a, b, context) {
  const sorted = (collection) => Array.from(collection.entries()).sort();
  return a.size === b.size && sameList(sorted(a), sorted(b), context);
}

function iterated(object) {
  return typeof object[Symbol.iterator] === 'function' ? Array.from(object) : [];
}

// By their keys; those that have none by what they iterate over.
function sameObjects(a, b, context) {
  const keys = enumerableKeys(a);
  const others = enumerableKeys(b);
  if (keys.length !== others.length) return false;
  if (keys.length > 0) return keys.every((key) => others.includes(key)) &&
    sameParts(a, b, keys, context);
  return sameList(iterated(a).sort(), iterated(b).sort(), context);
}

function sameContents(a, b, context) {
  const type = typeOf(a);
  switch (type) {
    case 'Boolean': case 'Number': case 'String': case 'Date':
      return equalWithin(a.valueOf(), b.valueOf(), context);
    case 'RegExp': return String(a) === String(b);
    case 'Error': return sameParts(a, b, ['name', 'message', 'code'], context);
    case 'Promise': case 'Symbol': case 'WeakMap': case 'WeakSet': return false;
    case 'Set': case 'Map': return sameEntries(a, b, context);
    case 'ArrayBuffer': return sameList(new Uint8Array(a), new Uint8Array(b), context);
    case 'DataView':
      return sameList(new Uint8Array(a.buffer), new Uint8Array(b.buffer), context);
    case 'Generator': return sameList(Array.from(a), Array.from(b), context);
  }
  if (type === 'Array' || type === 'Arguments' || (ArrayBuffer.isView(a) && 'length' in a)) {
    return sameList(a, b, context);
  }
  return sameObjects(a, b, context);
}

function isObject(value) {
  return value !== null && typeof value === 'object';
}

function equalWithin(a, b, { comparator, pairs }) {
  const judged = comparator ? comparator(a, b) : null;
  if (typeof judged === 'boolean') return judged;
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || typeOf(a) !== typeOf(b)) return false;
  // A cycle is alike if all else is.
  if (pairs.some((pair) => pair[0] === a && pair[1] === b)) return true;
  return sameContents(a, b, { comparator, pairs: [...pairs, [a, b]] });
}

// Unlike ===, 0 and -0 differ and NaN is itself. A comparator may say otherwise by a boolean.
function deepEqual(a, b, options) {
  const comparator = isObject(options) ? options.comparator : undefined;
  return equalWithin(a, b, { comparator, pairs: [] });
}

Object.assign(exports, { typeOf, kindOf, enumerableSymbols, deepEqual });

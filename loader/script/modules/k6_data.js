'use strict';
// The module "k6/data": SharedArray, whose elements are JSON texts that all virtual users share.

const { isAsyncFunction } = require('lab:arguments');
const { GoError } = require('lab:errors');

const initPhase = 0;

// -1 of a property's key that is no array index. Without a regular expression: this is asked at each
// access.
function indexOf(key) {
  if (typeof key !== 'string') return -1;
  const index = Number(key);
  return index >= 0 && Number.isSafeInteger(index) && String(index) === key ? index : -1;
}

function deepFreeze(value) {
  if (typeof value !== 'object' || value === null) return value;
  for (const key of Object.keys(value)) deepFreeze(value[key]);
  return Object.freeze(value);
}

function elementTexts(build) {
  const list = build();
  if (list === undefined || list === null) {
    throw new TypeError('Cannot convert undefined or null to object');
  }
  if (!Array.isArray(list)) throw new GoError('only arrays can be made into SharedArray');
  const texts = [];
  for (let i = 0; i < list.length; i++) texts.push(JSON.stringify(list[i]));
  return texts;
}

function immutable() {
  throw new TypeError('SharedArray is immutable');
}

// The traps of the array that the host knows as `array`. Its target is an empty array: Array.isArray() and the methods come
// from there.
class Traps {
  constructor(array) {
    this.array = array;
    this.length = native.sharedLength(array);
  }

  /// -1 of what is no element.
  placeOf(key) {
    const index = indexOf(key);
    return index < this.length ? index : -1;
  }

  // What JSON cannot hold, such as undefined, cannot be read: k6 parses its text as well.
  element(index) {
    return deepFreeze(JSON.parse(String(native.sharedElement(this.array, index))));
  }

  get(target, key, receiver) {
    if (key === 'length') return this.length;
    const index = this.placeOf(key);
    return index >= 0 ? this.element(index) : Reflect.get(target, key, receiver);
  }

  has(target, key) {
    return this.placeOf(key) >= 0 || Reflect.has(target, key);
  }

  ownKeys() {
    const keys = [];
    for (let i = 0; i < this.length; i++) keys.push(String(i));
    keys.push('length');
    return keys;
  }

  // With a getter, because Object.keys() and for...in ask for every descriptor: they are not to
  // parse all the elements.
  getOwnPropertyDescriptor(target, key) {
    if (key === 'length') return { value: this.length, writable: true };
    const index = this.placeOf(key);
    if (index < 0) return undefined;
    return { get: () => this.element(index), set: immutable, enumerable: true, configurable: true };
  }

  set(target, key) {
    if (key === 'length' || indexOf(String(key)) >= 0) immutable();
    throw new TypeError(`Cannot set property "${String(key)}" on a dynamic array`);
  }

  defineProperty(target, key) {
    if (indexOf(String(key)) >= 0) immutable();
    throw new TypeError(`Cannot define property "${String(key)}" on a dynamic array`);
  }

  deleteProperty(target, key) {
    if (this.placeOf(key) >= 0) immutable();
    if (key === 'length') throw new TypeError('Cannot delete property "length" on a dynamic array');
    return true;
  }

  preventExtensions() {
    throw new TypeError('Cannot make a dynamic object non-extensible');
  }
}

// Others may have defined it since it was looked up: the first definition is the one that counts.
function definedArray(name, build) {
  const known = native.sharedFind(name);
  return known >= 0 ? known : native.sharedDefine(name, elementTexts(build));
}

function SharedArray(name, build) {
  if (native.phase !== initPhase) {
    throw new GoError('new SharedArray must be called in the init context');
  }
  const text = String(name);
  if (text === '') throw new GoError("empty name provided to SharedArray's constructor");
  if (isAsyncFunction(build)) {
    throw new GoError(
      'SharedArray constructor does not support async functions as second argument',
    );
  }
  if (typeof build !== 'function') {
    throw new GoError("a function is expected as the second argument of SharedArray's constructor");
  }
  return new Proxy([], new Traps(definedArray(text, build)));
}

exports.SharedArray = SharedArray;

'use strict';
// The module "k6/data": SharedArray, whose elements are JSON texts that all virtual users share.

const { isAsyncFunction } = require('lab:arguments');
const { GoError } = require('lab:errors');

const initPhase = 0;
const indexPattern = /^(?:0|[1-9]\d{0,15})$/;

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

// The traps of the array `name`. Its target is an empty array: Array.isArray() and the methods come
// from there.
class Traps {
  constructor(name, length) {
    this.name = name;
    this.length = length;
  }

  isIndex(key) {
    return typeof key === 'string' && indexPattern.test(key) && Number(key) < this.length;
  }

  // What JSON cannot hold, such as undefined, cannot be read: k6 parses its text as well.
  element(key) {
    return deepFreeze(JSON.parse(String(native.sharedElement(this.name, Number(key)))));
  }

  get(target, key, receiver) {
    if (key === 'length') return this.length;
    return this.isIndex(key) ? this.element(key) : Reflect.get(target, key, receiver);
  }

  has(target, key) {
    return this.isIndex(key) || Reflect.has(target, key);
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
    if (!this.isIndex(key)) return undefined;
    return { get: () => this.element(key), set: immutable, enumerable: true, configurable: true };
  }

  set(target, key) {
    if (key === 'length' || indexPattern.test(String(key))) immutable();
    throw new TypeError(`Cannot set property "${String(key)}" on a dynamic array`);
  }

  defineProperty(target, key) {
    if (indexPattern.test(String(key))) immutable();
    throw new TypeError(`Cannot define property "${String(key)}" on a dynamic array`);
  }

  deleteProperty(target, key) {
    if (this.isIndex(key)) immutable();
    if (key === 'length') throw new TypeError('Cannot delete property "length" on a dynamic array');
    return true;
  }

  preventExtensions() {
    throw new TypeError('Cannot make a dynamic object non-extensible');
  }
}

// Others may have defined it since it was looked up: the first definition is the one that counts.
function definedLength(name, build) {
  if (native.sharedLength(name) < 0) native.sharedDefine(name, elementTexts(build));
  return native.sharedLength(name);
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
  return new Proxy([], new Traps(text, definedLength(text, build)));
}

exports.SharedArray = SharedArray;

'use strict';
// The chain behind expect(value): objects with flags, to which properties, methods and links that
// are both can be added, by us and by plugins, as in chai 4.

const { deepEqual } = require('lab:chai_values');
const { inspected, displayed } = require('lab:chai_inspect');
const { proxied, guarded, callable } = require('lab:chai_proxy');

const config = { includeStack: false, showDiff: true, truncateThreshold: 40, useProxy: true,
  proxyExcludedKeys: ['then', 'catch', 'inspect', 'toJSON'], deepEqual: null };

class AssertionError extends Error {
  constructor(message, properties) {
    super(message || 'Unspecified AssertionError');
    this.showDiff = false;
    Object.assign(this, properties);
  }

  toJSON(stack) {
    const { name, message } = this;
    return { name, message, ...this, ...(stack === false ? {} : { stack: this.stack }) };
  }
}
Object.defineProperty(AssertionError.prototype, 'name',
  { value: 'AssertionError', configurable: true, writable: true });

// What a link's flags are kept in: nothing but them, unlike in {}, and as fast, unlike in what
// Object.create(null) makes.
function Flags() {}
Flags.prototype = Object.create(null);

function flag(link, key, value) {
  const flags = link.__flags || (link.__flags = new Flags());
  if (arguments.length < 3) return flags[key];
  flags[key] = value;
  return undefined;
}

// All flags, or only those that say how to assert.
function transferFlags(from, to, includeAll = true) {
  const about = ['object', 'ssfi', 'lockSsfi', 'message'];
  for (const key of Object.keys(from.__flags || {})) {
    if (includeAll || !about.includes(key)) flag(to, key, from.__flags[key]);
  }
}

class Assertion {
  constructor(value, message) {
    this.__flags = new Flags();
    this.__flags.object = value;
    this.__flags.message = message;
    this.__flags.eql = config.deepEqual || deepEqual;
    return proxied(this, config);
  }

  get _obj() { return flag(this, 'object'); }
  set _obj(value) { flag(this, 'object', value); }
}

// Each link of a chain is an object of its own: what follows one does not change it.
function next(link, result) {
  if (result !== undefined) return result;
  const following = Object.create(Assertion.prototype);
  following.__flags = Object.assign(new Flags(), link.__flags);
  return proxied(following, config);
}

function addProperty(target, name, getter = () => {}) {
  Object.defineProperty(target, name, { configurable: true,
    get() { return next(this, getter.call(this)); } });
}

function addMethod(target, name, method) {
  const link = function (...args) { return next(this, method.apply(this, args)); };
  target[name] = proxied(guarded(link, name, false), config, name);
}

// Links that may be called as well, such as "an" in "be.an('array')" and "an.instanceof(Array)":
// onRead is done in both cases.
const chainableMethods = Symbol('chainable methods');

function chainableLink(origin, word, entry) {
  const link = function (...args) { return next(this, entry.method.apply(this, args)); };
  link.__flags = Object.assign(new Flags(), origin.__flags);
  return callable(link, { config, prototype: Assertion.prototype, word });
}

function addChainableMethod(target, name, method, onRead = () => {}) {
  const entry = { method, onRead };
  if (!Object.hasOwn(target, chainableMethods)) {
    Object.defineProperty(target, chainableMethods, { value: {} });
  }
  target[chainableMethods][name] = entry;
  Object.defineProperty(target, name, { configurable: true, get() {
    entry.onRead.call(this);
    return chainableLink(this, name, entry);
  } });
}

// To overwrite: `make` gets what was there and returns what shall be there.
function overwriteProperty(target, name, make) {
  const was = Object.getOwnPropertyDescriptor(target, name);
  const getter = was && typeof was.get === 'function' ? was.get : () => {};
  addProperty(target, name, function () { return make(getter).call(this); });
}

function overwriteMethod(target, name, make) {
  const was = typeof target[name] === 'function' ? target[name]
    : () => { throw new Error(name + ' is not a function'); };
  addMethod(target, name, function (...args) { return make(was).apply(this, args); });
}

function overwriteChainableMethod(target, name, makeMethod, makeOnRead) {
  const entry = target[chainableMethods][name];
  const { method, onRead } = entry;
  entry.method = function (...args) { return makeMethod(method).apply(this, args); };
  entry.onRead = function () { return makeOnRead(onRead).call(this); };
}

const adders = { addProperty, addMethod, addChainableMethod, overwriteProperty, overwriteMethod,
  overwriteChainableMethod };
for (const [name, add] of Object.entries(adders)) {
  Assertion[name] = function (...args) { add(this.prototype, ...args); };
}

// For the assertions themselves.
function inspect(value) {
  return inspected(value, config.truncateThreshold);
}

function display(value) {
  return displayed(value, config.truncateThreshold);
}

function setMessage(link, message) {
  if (message) flag(link, 'message', message);
}

// An assertion about another value in the course of this one.
function about(link, value) {
  return new Assertion(value, flag(link, 'message'));
}

// For values that an assertion is not made for: no check, the test just fails.
function refuse(link, text) {
  const message = flag(link, 'message');
  throw new AssertionError((message ? message + ': ' : '') + text);
}

function methods(names, method) {
  for (const name of names) Assertion.addMethod(name, method);
}

function chainables(names, method, onRead) {
  for (const name of names) Assertion.addChainableMethod(name, method, onRead);
}

function properties(names, getter) {
  for (const name of names) Assertion.addProperty(name, getter);
}

Object.assign(exports, { config, adders, AssertionError, Assertion, flag, transferFlags, inspect,
  display, setMessage, about, refuse, methods, chainables, properties });

'use strict';
// What a plugin for chai gets as its second argument: how to add to chains, and what assertions
// themselves are made of.

const { config, adders, AssertionError, Assertion, flag, transferFlags, inspect, display, refuse } =
  require('lab:chai_assertion');
const { typeOf, kindOf, enumerableSymbols, deepEqual } = require('lab:chai_values');
const { hasProperty, pathInfo, compareByInspect } = require('lab:chai_parts');
const { checkError } = require('lab:chai_calls');
const { proxied, guarded } = require('lab:chai_proxy');

// `args` of these are those of an assertion: (expression, message, negated, expected, actual).
function test(link, args) {
  return flag(link, 'negate') ? !args[0] : args[0];
}

function getActual(link, args) {
  return args.length > 4 ? args[4] : link._obj;
}

function chosenTemplate(link, args) {
  const template = flag(link, 'negate') ? args[2] : args[1];
  return (typeof template === 'function' ? template() : template) || '';
}

function getMessage(link, args) {
  const values = { this: flag(link, 'object'), act: getActual(link, args), exp: args[3] };
  const text = chosenTemplate(link, args).replace(/#\{(this|act|exp)\}/g, (all, name) =>
    display(values[name]));
  const message = flag(link, 'message');
  return message ? message + ': ' + text : text;
}

// node:assert's name of a comparison; undefined of other assertions.
function getOperator(link, args) {
  const operator = flag(link, 'operator');
  const template = chosenTemplate(link, args);
  if (operator || template === '' || /\shave\s/.test(template)) return operator || undefined;
  const isObject = ['Array', 'Object', 'function'].includes(typeOf(args[3]));
  if (/\snot\s/.test(template)) return isObject ? 'notDeepStrictEqual' : 'notStrictEqual';
  return isObject ? 'deepStrictEqual' : 'strictEqual';
}

function expectTypes(link, types) {
  const kind = kindOf(flag(link, 'object'));
  const kinds = types.map((type) => type.toLowerCase()).sort();
  if (kinds.includes(kind)) return;
  const texts = kinds.map((type, i) => (i > 0 && i === kinds.length - 1 ? 'or ' : '') +
    (/^[aeiou]/.test(type) ? 'an ' : 'a ') + type);
  refuse(link, 'object tested must be ' + texts.join(', ') + ', but ' + kind + ' given');
}

const utilities = { ...adders, test, type: typeOf, expectTypes, getMessage, getActual, inspect,
  objDisplay: display, flag, transferFlags, eql: deepEqual, getPathInfo: pathInfo, hasProperty,
  getName: (value) => (typeof value === 'function' ? value.name : null), compareByInspect,
  getOwnEnumerablePropertySymbols: enumerableSymbols,
  getOwnEnumerableProperties: (object) => Object.keys(object).concat(enumerableSymbols(object)),
  checkError, proxify: (target, name) => proxied(target, config, name),
  addLengthGuard: guarded, isProxyEnabled: () => config.useProxy, isNaN: Number.isNaN,
  getOperator };

const plugins = [];

// Each plugin is asked once, however often a script names it.
function use(plugin) {
  if (!plugins.includes(plugin)) {
    plugins.push(plugin);
    plugin(this, utilities);
  }
  return this;
}

Object.assign(exports, { AssertionError, Assertion, utilities, use });

'use strict';
// Values as chai writes them into messages, and so into names of checks: cut to a number of
// characters, by its rules to the letter, since a check of another name is another check.

const { typeOf } = require('lab:chai_values');

const ellipsis = '\u2026';
const separator = ', ';
const unprintable = new RegExp('[\'\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u0600-\\u0604\\u070f' +
  '\\u17b4\\u17b5\\u200c-\\u200f\\u2028-\\u202f\\u2060-\\u206f\\ufeff\\ufff0-\\uffff]', 'g');
const escapes = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\'': '\\\'' };
// An error's own properties that are not shown behind it.
const errorKeys = ['stack', 'line', 'column', 'name', 'message', 'fileName', 'lineNumber',
  'columnNumber', 'number', 'description'];

function cut(value, room) {
  const text = String(value);
  if (text.length <= 1 || text.length <= room) return text;
  return room < 1 ? ellipsis : text.slice(0, room - 1) + ellipsis;
}

function omitted(count) {
  return ellipsis + '(' + count + ')';
}

// Items as far as they fit into state.room; how many are missing is said. What follows an item is
// shown ahead, in the room that the item had, as whether that fits decides how it goes on.
function listed(items, state, show) {
  const whole = state.room;
  const count = items.length;
  let output = '';
  let ahead = '';
  for (let i = 0; i < count; i++) {
    const left = count - i - 1;
    const ending = left === 0 ? '' : separator;
    state.room = whole - output.length - ending.length;
    const text = ahead || show(items[i], state) + ending;
    const length = output.length + text.length;
    const isOver = length + omitted(left + 1).length > whole;
    if (left === 0) {
      const isLess = length > whole && output.length + omitted(1).length <= whole;
      return output + (isLess ? omitted(1) : text);
    }
    if (left > 1 && isOver) return output + omitted(left + 1);
    ahead = show(items[i + 1], state) + (left === 1 ? '' : separator);
    const isAheadOver = length + ahead.length;
    if (left === 1 && isOver && isAheadOver > whole) return output + omitted(2);
    output += text;
    if (left > 1 && isAheadOver >= whole) return output + omitted(left);
  }
  return output;
}

function item(value, { room, seen }) {
  return shown(value, { room, seen });
}

function shownKey(key, state) {
  if (typeof key === 'symbol') return '[' + item(key, state) + ']';
  if (/^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key)) return key;
  const inner = JSON.stringify(key).slice(1, -1);
  return '\'' + inner.replace(/'/g, '\\\'').replace(/\\"/g, '"') + '\'';
}

function property(object) {
  return (key, state) => {
    state.room -= 2;
    const name = shownKey(key, state);
    state.room -= name.length;
    return name + ': ' + item(object[key], state);
  };
}

function objectText(object, state) {
  const names = Object.getOwnPropertyNames(object);
  const symbols = Object.getOwnPropertySymbols(object);
  if (names.length === 0 && symbols.length === 0) return '{}';
  if (state.seen.includes(object)) return '[Circular]';
  state.room -= 4;
  state.seen = [...state.seen, object];
  const texts = [listed(names, state, property(object)), listed(symbols, state, property(object))];
  return '{ ' + texts.filter((text) => text !== '').join(separator) + ' }';
}

function instanceText(value, state) {
  const name = (Symbol.toStringTag in value && value[Symbol.toStringTag]) ||
    value.constructor.name || '<Anonymous Class>';
  state.room -= name.length;
  return name + objectText(value, state);
}

// Names that are not those of elements, such as a match's "index".
function otherNames(list, state) {
  const names = Object.keys(list).slice(list.length);
  return names.length === 0 ? '' : separator + listed(names, state, property(list));
}

function arrayText(array, state) {
  if (Object.keys(array).length === 0 && array.length === 0) return '[]';
  // The original would go round for ever.
  if (state.seen.includes(array)) return '[Circular]';
  state.seen = [...state.seen, array];
  state.room -= 4;
  const texts = listed(array, state, item);
  state.room -= texts.length;
  return '[ ' + texts + otherNames(array, state) + ' ]';
}

// The number of elements that are left out is counted from the last one's value, as in the library.
function numbersText(array, state) {
  const name = typeOf(array);
  if (array.length === 0) return name + '[]';
  state.room -= name.length + 4;
  let texts = '';
  for (let i = 0; i < array.length; i++) {
    const text = cut(array[i], state.room) + (i === array.length - 1 ? '' : separator);
    state.room -= text.length;
    if (array[i] !== array.length && state.room <= 3) {
      texts += omitted(array.length - array[i] + 1);
      break;
    }
    texts += text;
  }
  return name + '[ ' + texts + otherNames(array, state) + ' ]';
}

function mapEntry([key, value], state) {
  state.room -= 4;
  const name = item(key, state);
  state.room -= name.length;
  return name + ' => ' + item(value, state);
}

function collectionText(name, entries, state, show) {
  state.room -= 7;
  return name + '{ ' + listed(entries, state, show) + ' }';
}

function errorText(error, state) {
  const names = Object.getOwnPropertyNames(error).filter((key) => !errorKeys.includes(key));
  const name = String(error.name);
  state.room -= name.length;
  const message = error.message ? ': ' + cut(error.message, state.room) : '';
  state.room -= message.length + 5;
  const texts = listed(names, state, property(error));
  return name + message + (texts === '' ? '' : ' { ' + texts + ' }');
}

function dateText(date, room) {
  const text = date.toJSON();
  if (text === null) return 'Invalid Date';
  const day = text.slice(0, text.indexOf('T'));
  return day + 'T' + cut(text.slice(day.length + 1), room - day.length - 1);
}

function regExpText(pattern, room) {
  const { source, flags } = pattern;
  return '/' + cut(source, room - 2 - flags.length) + '/' + flags;
}

function quoted(text, room) {
  // Backslashes stay as they are.
  const inner = String(text).replace(unprintable, (c) =>
    escapes[c] || '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  return '\'' + cut(inner, room - 2) + '\'';
}

function numberText(value, room) {
  if (value === 0) return Object.is(value, -0) ? '-0' : '+0';
  return Number.isFinite(value) || typeof value === 'object' ? cut(value, room) : String(value);
}

function bigIntText(value, room) {
  const digits = cut(value, room - 1);
  return digits === ellipsis ? digits : digits + 'n';
}

function functionText({ name }, room) {
  return name ? '[Function ' + cut(name, room - 11) + ']' : '[Function]';
}

// What an object says of itself; '' if it says nothing.
function ownText(value) {
  const custom = value[Symbol.for('chai/inspect')] || value.inspect;
  return typeof custom === 'function' ? custom.call(value, 2, {}) : '';
}

function plainText(value, state) {
  const own = ownText(value);
  if (own) return typeof own === 'string' ? own : item(own, state);
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null ||
    !('constructor' in value) || value.constructor === Object;
  return isPlain ? objectText(value, state) : instanceText(value, state);
}

function builtinText(type, value, state) {
  switch (type) {
    case 'Boolean': return String(value);
    case 'Number': return numberText(value, state.room);
    case 'String': return quoted(value, state.room);
    case 'Array': return arrayText(value, state);
    case 'Date': return dateText(value, state.room);
    // Of a map with one entry the library shows none.
    case 'Map': return value.size < 2 ? 'Map{}'
      : collectionText('Map', Array.from(value), state, mapEntry);
    case 'Set': return value.size === 0 ? 'Set{}'
      : collectionText('Set', Array.from(value), state, item);
    case 'RegExp': return regExpText(value, state.room);
    case 'Promise': case 'WeakSet': case 'WeakMap': return type + '{' + ellipsis + '}';
    case 'Arguments':
      if (value.length === 0) return 'Arguments[]';
      state.room -= 13;
      return 'Arguments[ ' + listed(value, state, item) + ' ]';
    case 'Error': return errorText(value, state);
    case 'Generator': case 'DataView': case 'ArrayBuffer': return '';
  }
  return /^(Uint8Clamped|U?[Ii]nt(8|16|32)|Float(32|64))Array$/.test(type)
    ? numbersText(value, state) : null;
}

function shown(value, state) {
  switch (typeof value) {
    case 'string': return quoted(value, state.room);
    case 'number': return numberText(value, state.room);
    case 'bigint': return bigIntText(value, state.room);
    case 'function': return functionText(value, state.room);
    case 'symbol': return 'Symbol(' + (value.description || '') + ')';
    case 'object': if (value !== null) break;
    // falls through
    default: return String(value);
  }
  const type = Object.prototype.toString.call(value).slice(8, -1);
  const text = builtinText(type, value, { ...state });
  return text === null ? plainText(value, { ...state }) : text;
}

// threshold: how long it may be; 0 is as long as it takes.
function inspected(value, threshold) {
  return shown(value, { room: threshold || Infinity, seen: [] });
}

// As messages show a value: what is still too long is told by its kind.
function displayed(value, threshold) {
  const text = inspected(value, threshold);
  if (!threshold || text.length < threshold) return text;
  switch (Object.prototype.toString.call(value)) {
    case '[object Function]': return value.name ? '[Function: ' + value.name + ']' : '[Function]';
    case '[object Array]': return '[ Array(' + value.length + ') ]';
    case '[object Object]': {
      const keys = Object.keys(value);
      const names = keys.length > 2 ? keys.slice(0, 2).join(separator) + ', ...'
        : keys.join(separator);
      return '{ Object (' + names + ') }';
    }
  }
  return text;
}

Object.assign(exports, { inspected, displayed });

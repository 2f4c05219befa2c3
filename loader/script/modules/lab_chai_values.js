'use strict';
// Values as chai compares them deeply and writes them into messages.

function tagOf(value) {
  return Object.prototype.toString.call(value).slice(8, -1);
}

// chai's type names: "null", "array", "string", "map", ...
function typeOf(value) {
  return value instanceof Promise ? 'promise' : tagOf(value).toLowerCase();
}

function enumerableKeys(object) {
  const keys = [];
  for (const key in object) keys.push(key);
  return keys.concat(Object.getOwnPropertySymbols(object).filter((symbol) =>
    Object.prototype.propertyIsEnumerable.call(object, symbol)));
}

function sameList(a, b, seen) {
  return a.length === b.length && Array.prototype.every.call(a, (item, i) =>
    deepEqual(item, b[i], seen));
}

// Sets and maps are compared in any order.
function sameMembers(a, b, seen) {
  const rest = Array.from(b);
  return a.size === b.size && Array.from(a).every((item) => {
    const at = rest.findIndex((other) => deepEqual(item, other, seen));
    if (at < 0) return false;
    rest.splice(at, 1);
    return true;
  });
}

function sameObjects(a, b, seen) {
  const keys = enumerableKeys(a);
  return keys.length === enumerableKeys(b).length &&
    keys.every((key) => key in b && deepEqual(a[key], b[key], seen));
}

function sameContents(a, b, seen) {
  const tag = tagOf(a);
  switch (tag) {
    case 'Boolean': case 'Number': case 'String': case 'Date':
      return deepEqual(a.valueOf(), b.valueOf(), seen);
    case 'RegExp': return String(a) === String(b);
    case 'Error': case 'Function': case 'Promise': case 'Symbol': return false;
    case 'Set': case 'Map': return sameMembers(a, b, seen);
    case 'ArrayBuffer': return sameList(new Uint8Array(a), new Uint8Array(b), seen);
  }
  if (Array.isArray(a) || tag.endsWith('Array') || tag === 'Arguments') return sameList(a, b, seen);
  return sameObjects(a, b, seen);
}

// Unlike ===, 0 and -0 differ and NaN is itself. `seen` are pairs under comparison, for cycles.
function deepEqual(a, b, seen = []) {
  if (Object.is(a, b)) return true;
  const areObjects = a !== null && b !== null && typeof a === 'object' && typeof b === 'object';
  if (!areObjects || tagOf(a) !== tagOf(b)) return false;
  if (seen.some((pair) => pair[0] === a && pair[1] === b)) return true;
  return sameContents(a, b, [...seen, [a, b]]);
}

function quoted(text) {
  return '\'' + text.replace(/[\\'\n\r\t]/g, (c) => (
    { '\\': '\\\\', '\'': '\\\'', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c]) + '\'';
}

function inspectedPrimitive(value) {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value + 'n';
  if (typeof value === 'symbol') return value.toString();
  if (value === 0) return Object.is(value, -0) ? '-0' : '+0';
  return String(value);
}

function listed(open, items, close) {
  return items.length === 0 ? open + close : open + ' ' + items.join(', ') + ' ' + close;
}

function inspectedObject(value, seen) {
  const inner = (item) => inspected(item, seen);
  switch (tagOf(value)) {
    case 'Date': return isNaN(value) ? 'Invalid Date' : value.toISOString();
    case 'RegExp': return String(value);
    case 'Error': return String(value);
    case 'Promise': return 'Promise{\u2026}';
    case 'Set': return listed('Set{', Array.from(value, inner), '}');
    case 'Map': return listed('Map{', Array.from(value, ([key, item]) =>
      inner(key) + ' => ' + inner(item)), '}');
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return listed(tagOf(value) + '[', Array.from(value, inner), ']');
  }
  const name = (value.constructor && value.constructor.name) || 'Object';
  const fields = Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key)).map((key) =>
    (typeof key === 'symbol' ? '[' + String(key) + ']'
      : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key)) + ': ' + inner(value[key]));
  return listed((name === 'Object' ? '' : name) + '{', fields, '}');
}

function inspected(value, seen = []) {
  if (typeof value === 'function') {
    return '[Function' + (value.name === '' ? '' : ' ' + value.name) + ']';
  }
  if (value === null || typeof value !== 'object') return inspectedPrimitive(value);
  if (seen.includes(value)) return '[Circular]';
  if (Array.isArray(value)) {
    return listed('[', value.map((item) => inspected(item, [...seen, value])), ']');
  }
  return inspectedObject(value, [...seen, value]);
}

// As messages show a value: what is long is cut, or told by its kind only.
function displayed(value, threshold) {
  const text = inspected(value);
  if (threshold === 0 || text.length < threshold) return text;
  if (typeof value === 'string') return text.slice(0, threshold - 2) + '\u2026\'';
  switch (typeOf(value)) {
    case 'array': return '[ Array(' + value.length + ') ]';
    case 'object': {
      const keys = Object.keys(value);
      const shown = keys.length > 2 ? keys.slice(0, 2).join(', ') + ', ...' : keys.join(', ');
      return '{ Object (' + shown + ') }';
    }
  }
  return text;
}

Object.assign(exports, { typeOf, deepEqual, inspected, displayed });

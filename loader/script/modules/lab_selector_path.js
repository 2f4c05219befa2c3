'use strict';
// The grammar of gjson paths. How a path is read depends on what it meets: "#" is a key of an
// object, and "*" an odd index of an array.

const { modifiers } = require('lab:selector_modifiers');

/// The index that `part` names; -1 if none.
function indexOf(part) {
  return /^[0-9]+$/.test(part) ? Number(part) : -1;
}

// Whether a "." before `rest` works as "|": before a modifier or a multipath.
function isPiper(rest) {
  if (rest[0] !== '@') return rest[0] === '[' || rest[0] === '{';
  const name = rest.slice(1).split(/[.|:]/, 1)[0];
  return Object.prototype.hasOwnProperty.call(modifiers, name);
}

// One step of a path: `part`, then `rest` (within what it finds) or `pipe` (once all is found).
class Step {
  constructor(part) {
    this.part = part;
    this.rest = null;
    this.pipe = null;
    this.isWild = false;
    this.isOdd = false;  // Of an array: neither an index nor "#".
    this.each = null;    // "#.path": the path.
    this.query = null;
  }

  follow(separator, rest, canPipe) {
    if (separator === '|' || (canPipe && rest !== '' && isPiper(rest))) this.pipe = rest;
    else this.rest = rest;
    return this;
  }
}

function parseObjectPath(path) {
  const step = new Step('');
  for (let i = 0; i < path.length; i += 1) {
    const c = path[i];
    if (c === '|' || c === '.') return step.follow(c, path.slice(i + 1), true);
    if (c === '*' || c === '?') step.isWild = true;
    if (c === '\\') {
      i += 1;
      if (i < path.length) step.part += path[i];
    } else {
      step.part += c;
    }
  }
  return step;
}

// The end of what begins with a bracket at `at`: the index after its partner; -1 if it has none.
function closing(text, at) {
  let depth = 0;
  for (let i = at; i < text.length; i += 1) {
    const c = text[i];
    if (c === '\\') {
      i += 1;
    } else if (c === '"') {
      i = endOfString(text, i) - 1;
    } else if ('[({'.includes(c)) {
      depth += 1;
    } else if ('])}'.includes(c)) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

function endOfString(text, at) {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

/// The JSON string, array or object, or the "(...)", that begins at `at`; all the rest if it is open.
function squash(text, at) {
  const end = text[at] === '"' ? endOfString(text, at) : closing(text, at);
  return end === -1 ? text.slice(at) : text.slice(at, end);
}

class Query {
  constructor(path, operator, value) {
    this.path = path;
    this.operator = operator;  // '' asks whether it exists.
    this.value = value;
    this.isAll = false;
  }
}

// Where the operator of "#(path op value)" begins; -1 without one.
function operatorAt(inner) {
  let depth = 0;
  for (let i = 0; i < inner.length; i += 1) {
    const c = inner[i];
    if (depth === 0 && '!=<>%'.includes(c)) return i;
    if (c === '\\') i += 1;
    else if (c === '"') i = endOfString(inner, i) - 1;
    else if (c === '[' || c === '(') depth += 1;
    else if (c === ']' || c === ')') depth -= 1;
  }
  return -1;
}

function unquoted(text) {
  if (text.length < 2 || text[0] !== '"' || !text.endsWith('"')) return text;
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return JSON.parse(text);
  } catch (_) {
    return text.slice(1, -1);
  }
}

function parseQuery(inner) {
  const at = operatorAt(inner);
  // gjson takes an operator that comes first, "#(=="x")", for one only after the bracket.
  if (at === -1) return new Query(inner.trim(), '', '');
  const [, operator, value] = /^(!=|!%|<=|>=|==|[<>=%!])([^]*)$/.exec(inner.slice(at).trim());
  return new Query(inner.slice(0, at).trim(), operator === '==' ? '=' : operator,
    unquoted(value.trim()));
}

function parseQueryPath(path) {
  const step = new Step(path);
  step.isOdd = true;
  const end = closing(path, 1);
  if (end === -1) return step;
  step.query = parseQuery(path.slice(2, end - 1));
  let at = end;
  if (path[at] === '#') {
    step.query.isAll = true;
    at += 1;
  }
  while (at < path.length && path[at] !== '.' && path[at] !== '|') at += 1;
  return at < path.length ? step.follow(path[at], path.slice(at + 1), false) : step;
}

function parseArrayPath(path) {
  if (path.startsWith('#(') || path.startsWith('#[')) return parseQueryPath(path);
  const at = path.search(/[.|]/);
  const step = new Step(at === -1 ? path : path.slice(0, at));
  step.isOdd = step.part !== '#' && step.part.includes('#');
  if (at === -1) return step;
  if (step.part === '#' && path[at] === '.') {
    step.each = path.slice(2);
    return step;
  }
  return step.follow(path[at], path.slice(at + 1), !step.isOdd);
}

/// [before, after] the first "|" of a path that isn't within a query; null if there is none.
function splitPipe(path) {
  if (!path.includes('|')) return null;
  if (path[0] === '{') {
    const end = closing(path, 0);
    return end !== -1 && path[end] === '|' ? [path.slice(0, end), path.slice(end + 1)] : null;
  }
  for (let i = 0; i < path.length; i += 1) {
    if (path[i] === '\\') {
      i += 1;
    } else if (path[i] === '.' && path[i + 1] === '#') {
      // gjson does not look at what follows ".#": the pipe of ".#|" is one within the path.
      const isQuery = '[('.includes(path[i + 2] || 'x');
      const end = isQuery ? closing(path, i + 2) : i + 3;
      if (end === -1) return null;
      i = end - 1;
    } else if (path[i] === '|') {
      return [path.slice(0, i), path.slice(i + 1)];
    }
  }
  return null;
}

/// {selectors: [{name, path}...], rest}: of "[a,b]rest" or "{"name":a}rest"; null if it is open.
function parseSubSelectors(path) {
  const selectors = [];
  let depth = 1;
  let start = 1;
  let colon = 0;
  let isModified = false;
  const push = (end) => {
    const name = colon === 0 ? '' : path.slice(start, colon);
    selectors.push({ name, path: path.slice(colon === 0 ? start : colon + 1, end) });
    colon = 0;
    isModified = false;
    start = end + 1;
  };
  for (let i = 1; i < path.length; i += 1) {
    const c = path[i];
    if (c === '\\') {
      i += 1;
    } else if (c === '"') {
      i = endOfString(path, i) - 1;
    } else if (c === '@') {
      isModified = isModified || path[i - 1] === '.' || path[i - 1] === '|';
    } else if (c === ':' && !isModified && colon === 0 && depth === 1) {
      colon = i;
    } else if (c === ',' && depth === 1) {
      push(i);
    } else if ('[({'.includes(c)) {
      depth += 1;
    } else if ('])}'.includes(c)) {
      depth -= 1;
      if (depth === 0) {
        push(i);
        return { selectors, rest: path.slice(i + 1) };
      }
    }
  }
  return null;
}

/// The last component of a path: the name of what it finds.
function lastName(path) {
  for (let i = path.length - 1; i >= 0; i -= 1) {
    if ((path[i] === '|' || path[i] === '.') && path[i - 1] !== '\\') return path.slice(i + 1);
  }
  return path;
}

function isSimpleName(name) {
  return !/[\x00-\x1f[\]{}()#|!]/.test(name);
}

exports.indexOf = indexOf;
exports.parseObjectPath = parseObjectPath;
exports.parseArrayPath = parseArrayPath;
exports.parseSubSelectors = parseSubSelectors;
exports.splitPipe = splitPipe;
exports.squash = squash;
exports.lastName = lastName;
exports.isSimpleName = isSimpleName;

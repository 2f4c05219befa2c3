'use strict';
// gjson paths (github.com/tidwall/gjson, SYNTAX.md) on a parsed JSON value: what r.json(path) takes.
// `undefined` is what does not exist; null is a JSON null. Where gjson scans text, this walks
// values: of a key that occurs twice the last one counts, not the first.

const { modifiers } = require('lab:selector_modifiers');
const { isMatch } = require('lab:selector_query');
const { matches } = require('lab:selector_match');
const { parseObjectPath, parseArrayPath, parseSubSelectors, lastName, isSimpleName, splitPipe,
  squash, indexOf } = require('lab:selector_path');

const isObject = (value) => typeof value === 'object' && value !== null;
const hasOwn = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

// One walk: the value found, and the path to apply to it afterwards ("a|b").
class Walk {
  constructor() {
    this.value = undefined;
    this.pipe = null;
  }

  /// True ends the walk; false lets wildcards look further.
  into(value, path) {
    if (Array.isArray(value)) return this.array(value, path);
    return isObject(value) && this.object(value, path);
  }

  object(object, path) {
    const step = parseObjectPath(path);
    if (step.pipe !== null) this.pipe = step.pipe;
    if (!step.isWild) return hasOwn(object, step.part) && this.hit(object[step.part], step);
    for (const key of Object.keys(object)) {
      if (matches(key, step.part) && this.hit(object[key], step)) return true;
    }
    return false;
  }

  hit(value, step) {
    if (step.rest !== null) return this.into(value, step.rest);
    this.value = value;
    return true;
  }

  array(array, path) {
    const step = parseArrayPath(path);
    if (step.pipe !== null) this.pipe = step.pipe;
    if (step.query !== null) return this.query(array, step);
    if (step.each !== null) return this.each(array, step.each);
    if (step.part === '#') {
      this.value = array.length;
      return true;
    }
    const index = step.isOdd ? -1 : indexOf(step.part);
    return index >= 0 && index < array.length && this.hit(array[index], step);
  }

  // "#.path": of all elements that have it.
  each(array, path) {
    const rest = this.takePipe(path);
    this.value = [];
    for (const element of array) {
      const found = get(element, rest);
      if (found !== undefined) this.value.push(found);
    }
    return true;
  }

  takePipe(path) {
    const split = splitPipe(path);
    if (split === null) return path;
    this.pipe = split[1];
    return split[0];
  }

  // "#(...)" and "#(...)#".
  query(array, step) {
    const { query } = step;
    let rest = step.rest;
    const all = [];
    for (const element of array) {
      if (!isObject(element) && query.path !== '') continue;
      const subject = isObject(element) ? get(element, query.path) : element;
      if (!isMatch(query, subject)) continue;
      if (rest !== null) rest = this.takePipe(rest);
      const found = rest === null ? element : get(element, rest);
      if (!query.isAll) {
        this.value = found;
        return true;
      }
      if (found !== undefined) all.push(found);
    }
    if (query.isAll && this.value === undefined) this.value = all;
    return false;
  }
}

// "@name:argument" or "!literal" at the beginning of a path: [its value, the path after it]; null
// if it is neither, and so a key.
function special(value, path) {
  if (path[0] === '!') return literal(path.slice(1));
  const [, name, colon] = /^@([^:|.]*)(:?)/.exec(path);
  if (!hasOwn(modifiers, name)) return null;
  let rest = path.slice(1 + name.length + colon.length);
  let argument = '';
  if (colon !== '' && rest !== '') {
    argument = modifierArgument(rest);
    rest = rest.slice(argument.length);
  }
  return [modifiers[name](value, argument), rest];
}

function modifierArgument(text) {
  if ('{["'.includes(text[0])) return squash(text, 0);
  let at = 0;
  while (at < text.length && text[at] !== '|') {
    at += '{["('.includes(text[at]) ? squash(text, at).length : 1;
  }
  return text.slice(0, at);
}

function literal(text) {
  const isPlain = /^(true|false|null|nan|inf)(?=[|.]|$)/i.exec(text);
  const raw = isPlain !== null ? isPlain[0]
    : /^["{[]/.test(text) ? squash(text, 0) : (/^[+-]?[0-9][^|,\]}\s]*/.exec(text) || [''])[0];
  try {
    return [JSON.parse(raw.toLowerCase() === 'null' ? 'null' : raw), text.slice(raw.length)];
  } catch (_) {
    return null;
  }
}

// "[a,b]" and "{a,"name":b}": a new array or object of what the paths find.
function multipath(value, path) {
  const parsed = parseSubSelectors(path);
  if (parsed === null || (parsed.rest !== '' && !'|.'.includes(parsed.rest[0]))) return null;
  const made = path[0] === '[' ? [] : {};
  for (const { name, path: sub } of parsed.selectors) {
    const found = get(value, sub);
    if (found === undefined) continue;
    if (path[0] === '[') {
      made.push(found);
    } else if (name !== '') {
      made[/^".*"$/s.test(name) ? JSON.parse(name) : name] = found;
    } else {
      const last = lastName(sub);
      made[isSimpleName(last) ? last : '_'] = found;
    }
  }
  return [made, parsed.rest];
}

function get(value, path) {
  if (path.length > 1 && '@![{'.includes(path[0])) {
    const isMultipath = path[0] === '[' || path[0] === '{';
    const done = isMultipath ? multipath(value, path) : special(value, path);
    if (done !== null) {
      const [made, rest] = done;
      return rest !== '' && '|.'.includes(rest[0]) ? get(made, rest.slice(1)) : made;
    }
  }
  const walk = new Walk();
  if (path.startsWith('..')) walk.array([value], path.slice(2));
  else walk.into(value, path);
  return walk.pipe === null ? walk.value : get(walk.value, walk.pipe);
}

const kPlain = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
// Paths come from scripts, which may make them up as they go.
const kPathsMax = 1000;
const plainPaths = Object.create(null);
let pathCount = 0;

// The parts of a path that has no special character; null for others.
function plainParts(path) {
  const known = plainPaths[path];
  if (known !== undefined) return known;
  const parts = kPlain.test(path) ? path.split('.') : null;
  if (pathCount < kPathsMax) {
    plainPaths[path] = parts;
    pathCount += 1;
  }
  return parts;
}

function walkPlain(root, parts) {
  let value = root;
  for (const part of parts) {
    if (Array.isArray(value)) {
      const index = indexOf(part);
      if (index < 0 || index >= value.length) return undefined;
      value = value[index];
    } else if (isObject(value) && hasOwn(value, part)) {
      value = value[part];
    } else {
      return undefined;
    }
  }
  return value;
}

function copy(value) {
  if (Array.isArray(value)) return value.map(copy);
  if (!isObject(value)) return value;
  const copied = {};
  for (const key of Object.keys(value)) copied[key] = copy(value[key]);
  return copied;
}

/// What `path` finds in `root`: never a part of it, so that a script may change what it gets.
function select(root, path) {
  const parts = plainParts(path);
  const found = parts !== null ? walkPlain(root, parts) : get(root, path);
  return isObject(found) ? copy(found) : found;
}

exports.select = select;

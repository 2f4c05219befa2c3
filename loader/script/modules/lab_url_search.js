'use strict';
// URLSearchParams: the list of names and values in a query (application/x-www-form-urlencoded).

const percent = require('lab:percent');

// All but letters, digits and *-._ ; a space is a plus sign.
const formSet = '!"#$%&\'(),/:;<=>?@[\\]^`{|}~+';

function formEncoded(text) {
  return percent.encoded(text, formSet).replace(/ /g, '+');
}

function parsed(query) {
  const list = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? '' : part.slice(equals + 1);
    list.push([percent.decoded(name.replace(/\+/g, ' ')),
      percent.decoded(value.replace(/\+/g, ' '))]);
  }
  return list;
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function wellFormed(value) {
  return String(value).replace(loneSurrogate, '\ufffd');
}

function pairOf(entry) {
  const pair = Array.from(entry);
  if (pair.length !== 2) {
    throw new TypeError('each query pair must be an iterable [name, value] tuple');
  }
  return [wellFormed(pair[0]), wellFormed(pair[1])];
}

function listOf(init) {
  if (init === undefined || init === null) return [];
  if (typeof init !== 'object' && typeof init !== 'function') {
    return parsed(wellFormed(init).replace(/^\?/, ''));
  }
  if (init[Symbol.iterator] !== undefined && init[Symbol.iterator] !== null) {
    return Array.from(init, pairOf);
  }
  return Object.keys(init).map((name) => pairOf([name, init[name]]));
}

function byCodeUnits(a, b) {
  if (a[0] === b[0]) return 0;
  return a[0] < b[0] ? -1 : 1;
}

class URLSearchParams {
  #list;
  // What a URL wants to be told of each change.
  #changed = null;

  constructor(init) { this.#list = listOf(init); }

  // The parameters of a URL, kept in step both ways.
  static ofUrl(query, changed) {
    const params = new URLSearchParams(query);
    params.#changed = changed;
    return params;
  }

  static replace(params, query) { params.#list = parsed(query); }

  #tell() { if (this.#changed !== null) this.#changed(this.toString()); }

  get size() { return this.#list.length; }

  append(name, value) {
    this.#list.push(pairOf([name, value]));
    this.#tell();
  }

  #matches(pair, args) {
    return pair[0] === wellFormed(args[0]) &&
      (args.length < 2 || args[1] === undefined || pair[1] === wellFormed(args[1]));
  }

  delete(...args) {
    this.#list = this.#list.filter((pair) => !this.#matches(pair, args));
    this.#tell();
  }

  has(...args) { return this.#list.some((pair) => this.#matches(pair, args)); }

  get(name) {
    const pair = this.#list.find((candidate) => candidate[0] === wellFormed(name));
    return pair === undefined ? null : pair[1];
  }

  getAll(name) {
    return this.#list.filter((pair) => pair[0] === wellFormed(name)).map((pair) => pair[1]);
  }

  set(name, value) {
    const pair = pairOf([name, value]);
    const at = this.#list.findIndex((candidate) => candidate[0] === pair[0]);
    if (at < 0) {
      this.#list.push(pair);
    } else {
      this.#list = this.#list.filter((other, i) => i <= at || other[0] !== pair[0]);
      this.#list[at] = pair;
    }
    this.#tell();
  }

  sort() {
    this.#list.sort(byCodeUnits);
    this.#tell();
  }

  forEach(callback, self) {
    for (const [name, value] of this.#list) callback.call(self, value, name, this);
  }

  entries() { return this.#list.map((pair) => pair.slice())[Symbol.iterator](); }
  keys() { return this.#list.map((pair) => pair[0])[Symbol.iterator](); }
  values() { return this.#list.map((pair) => pair[1])[Symbol.iterator](); }
  [Symbol.iterator]() { return this.entries(); }

  toString() {
    return this.#list.map(([name, value]) => formEncoded(name) + '=' + formEncoded(value))
      .join('&');
  }
}

exports.URLSearchParams = URLSearchParams;

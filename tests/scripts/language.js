// The language and its standard library, as k6's engine has them.
import { equal, finished, throws } from './assert.js';

const missing = [
  'URL',
  'URLSearchParams',
  'btoa',
  'atob',
  'fetch',
  'structuredClone',
  'queueMicrotask',
  'setImmediate',
  'window',
  'self',
  'process',
  'Buffer',
  'performance',
  'AbortController',
  'Blob',
  'FormData',
  'Intl',
  'WeakRef',
  'FinalizationRegistry',
  'SharedArrayBuffer',
  'Atomics',
  'WebAssembly',
];
equal(
  missing.filter((name) => name in globalThis),
  [],
  'globals that k6 does not have',
);
equal(global === globalThis, true, 'global');
equal([typeof Error.captureStackTrace, typeof GoError], ['undefined', 'function'], 'of errors');

function copies() {
  const list = [3, 1, 2];
  equal(list.toSorted(), [1, 2, 3], 'toSorted');
  equal(
    list.toSorted((a, b) => b - a),
    [3, 2, 1],
    'toSorted by a function',
  );
  equal([10, 9, undefined, 1].toSorted(), [1, 10, 9, undefined], 'toSorted as texts');
  equal(list.toReversed(), [2, 1, 3], 'toReversed');
  equal(list.toSpliced(1, 1, 'x', 'y'), [3, 'x', 'y', 2], 'toSpliced');
  equal([list.toSpliced(1), list.toSpliced()], [[3], [3, 1, 2]], 'toSpliced with fewer arguments');
  equal(
    [list.with(0, 9), list.with(-1, 9), list.with(0.9, 9)],
    [
      [9, 1, 2],
      [3, 1, 9],
      [9, 1, 2],
    ],
    'with',
  );
  equal(list, [3, 1, 2], 'the array itself');
  equal([1, , 3].toReversed().hasOwnProperty(1), true, 'holes become undefined');
  equal(
    Array.prototype.toSorted.call({ length: 2, 0: 'b', 1: 'a' }),
    ['a', 'b'],
    'of an array-like',
  );
  throws(() => list.with(3, 1), /^RangeError: /, 'with, past the end');
  throws(() => list.with(-4, 1), /^RangeError: /, 'with, before the begin');
  throws(() => list.toSorted(5), /^TypeError: /, 'toSorted by a number');
  throws(() => list.toSorted(null), /^TypeError: /, 'toSorted by null');
  class Own extends Array {}
  equal(new Own(1, 2).toSorted().constructor === Array, true, 'the copy of a subclass');
}

function typedCopies() {
  const bytes = Uint8Array.of(3, 1);
  equal(Array.from(bytes.toSorted()), [1, 3], 'toSorted of bytes');
  equal(Array.from(bytes.toSorted((a, b) => b - a)), [3, 1], 'toSorted of bytes by a function');
  equal(Array.from(bytes.toReversed()), [1, 3], 'toReversed of bytes');
  equal(Array.from(bytes.with(0, 7)), [7, 1], 'with of bytes');
  equal([Array.from(bytes), bytes.toSorted().constructor === Uint8Array], [[3, 1], true], 'bytes');
  throws(() => bytes.with(2, 1), /^RangeError: /, 'with of bytes, past the end');
  throws(() => bytes.toSorted({}), /^TypeError: /, 'toSorted of bytes by an object');
  throws(
    () => Uint8Array.prototype.toReversed.call([1]),
    /^TypeError: /,
    'of what is no typed array',
  );
}

function newerMethods() {
  equal(
    [[1, 2, 3].findLast((x) => x < 3), [1, 2].findLastIndex((x) => x > 5)],
    [2, -1],
    'findLast',
  );
  equal([[1, 2].at(-1), 'ab'.at(-1), Object.hasOwn({ a: 1 }, 'a')], [2, 'b', true], 'at, hasOwn');
  equal(['a-a'.replaceAll('a', 'b'), [...'a1b2'.matchAll(/\d/g)].length], ['b-b', 2], 'texts');
  equal(
    [[1, [2, [3]]].flat(Infinity), [1, 2].flatMap((x) => [x, x])],
    [
      [1, 2, 3],
      [1, 1, 2, 2],
    ],
    'flat',
  );
  equal(new Error('a', { cause: 'b' }).cause, 'b', 'the cause of an error');
  equal(Object.fromEntries([['a', 1]]), { a: 1 }, 'fromEntries');
}

class Syntax {
  static #count = 0;
  #own = 5;
  static {
    Syntax.#count = 1;
  }
  get own() {
    return this.#own;
  }
  has(other) {
    return #own in other;
  }
  static get count() {
    return Syntax.#count;
  }
}

function syntax() {
  const nothing = null;
  equal(
    [nothing?.a.b, nothing ?? 'else', 2 ** 10, 1_000],
    [undefined, 'else', 1024, 1000],
    'operators',
  );
  const one = new Syntax();
  equal([one.own, one.has(one), one.has({}), Syntax.count], [5, true, false, 1], 'classes');
  let unset;
  unset ??= 1;
  unset &&= unset + 1;
  equal(unset, 2, 'assignments');
  function* numbers() {
    yield 1;
    yield* [2, 3];
  }
  equal([...numbers()], [1, 2, 3], 'generators');
  const { a, ...rest } = { a: 1, b: 2, c: 3 };
  equal([a, rest], [1, { b: 2, c: 3 }], 'rest');
  equal([typeof 1n, BigInt(2) ** 64n === 18446744073709551616n], ['bigint', true], 'BigInt');
}

function dates() {
  const date = new Date(2009, 1, 3, 4, 5, 6, 789);
  equal(date.toLocaleString(), '02/03/2009, 04:05:06', 'toLocaleString of a date');
  equal(date.toLocaleDateString(), '02/03/2009', 'toLocaleDateString');
  equal(date.toLocaleTimeString(), '04:05:06', 'toLocaleTimeString');
  equal(date.toLocaleString('de-DE', { timeZone: 'UTC' }), '02/03/2009, 04:05:06', 'with a locale');
  equal(new Date(NaN).toLocaleString(), 'Invalid Date', 'an invalid date');
  throws(() => Date.prototype.toLocaleString.call({}), /^TypeError: /, 'of what is no date');
  equal(date.toDateString(), 'Tue Feb 03 2009', 'toDateString');
  const zone = /^Tue Feb 03 2009 04:05:06 GMT[+-]\d{4} \(([^)]*)\)$/.exec(String(date));
  equal(zone !== null, true, 'a date as text');
  if (date.getTimezoneOffset() === 0) equal(zone[1] !== 'Coordinated Universal Time', true, 'UTC');
}

function locales() {
  equal([(1234.5).toLocaleString(), (1e21).toLocaleString()], ['1234.5', '1e+21'], 'numbers');
  equal([12345n.toLocaleString(), [1234.5, 2].toLocaleString()], ['12345', '1234.5,2'], 'others');
  throws(() => (1.5).toLocaleString('en'), /^RangeError: /, 'an argument is a radix');
  const pairs = [
    ['a', 'b'],
    ['b', 'a'],
    ['a', 'a'],
    ['a', 'A'],
    ['A', 'b'],
    ['é', 'e\u0301'],
    ['', 'a'],
  ];
  const orders = pairs.map(([first, second]) => first.localeCompare(second));
  equal(orders, [-1, 1, 0, -1, -1, 0, -1], 'localeCompare');
  const words = [
    'Z',
    'ä',
    'my-metric',
    'b',
    '_',
    'mymetric',
    'A',
    'my_metric',
    'z',
    '-',
    'a',
    '10',
    'B',
    '9',
    '{',
  ];
  const sorted = words.sort((first, second) => first.localeCompare(second));
  const expected = [
    '_',
    '-',
    '{',
    '10',
    '9',
    'a',
    'A',
    'ä',
    'b',
    'B',
    'my_metric',
    'my-metric',
    'mymetric',
    'z',
    'Z',
  ];
  equal(sorted, expected, 'a sorted list');
}

export default function () {
  copies();
  typedCopies();
  newerMethods();
  syntax();
  dates();
  locales();
  finished('language');
}

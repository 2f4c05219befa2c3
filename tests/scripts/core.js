// k6: check, group, sleep, fail, randomSeed.
import { check, fail, group, randomSeed, sleep } from 'k6';
import exec from 'k6/execution';
import { noSuchExport } from 'k6';
import { equal, finished, throws } from './assert.js';

const inInit = 'in the init context is not supported';
throws(() => check(1, { a: true }), `GoError: Using check() ${inInit}`, 'check in init');
throws(() => group('a', () => 1), `GoError: Using group() ${inInit}`, 'group in init');
throws(() => fail('early'), 'GoError: early', 'fail in init');
equal(sleep(0), undefined, 'sleep in init');
equal(noSuchExport ?? null, null, 'a name that k6 does not export');

function checks() {
  equal(check({ s: 200 }, { a: (r) => r.s }), true, 'a truthy result');
  equal(check(1, [true, false]), false, 'an array, one of it false');
  equal(check(1, {}), true, 'no checks');
  equal(check(1, 5), true, 'a number has no keys');
  equal(check(1, 'ab'), true, 'a string has its letters');
  equal(check(1, { a: NaN }), false, 'NaN is falsy');
  equal(check(1, { a: null }), false, 'null is falsy');
  equal(check(1, { a: () => Promise.resolve(false) }), true, 'a promise is truthy');
  equal(check(1, Object.create({ a: false })), true, 'inherited checks do not count');

  const asked = [];
  const note = (name) => () => asked.push(name);
  check(7, { b: note('b'), 2: note('2'), a: note('a'), 1: note('1') });
  equal(asked, ['1', '2', 'b', 'a'], 'keys in their order');
  check(7, {
    a() {
      equal([arguments.length, arguments[0]], [1, 7], 'the argument of a predicate');
      return true;
    },
  });
}

function checkErrors() {
  throws(() => check(1), 'GoError: no checks provided to `check`', 'no second argument');
  throws(() => check(1, undefined), /^TypeError: /, 'undefined for checks');
  throws(() => check(1, null), /^TypeError: /, 'null for checks');
  const separator = "GoError: group and check names may not contain '::'";
  throws(() => check(1, { 'a::b': true }), separator, 'a name with ::');
  const isAsync =
    /^GoError: the built-in check\(\) does not support async functions as arguments\. /;
  throws(() => check(1, { a: async () => true }), isAsync, 'an async predicate');
  let later = false;
  const broken = () => {
    throw Error('x');
  };
  throws(() => check(1, { t1: broken, t2: () => (later = true) }), 'Error: x', 'one that throws');
  equal(later, false, 'what comes after one that throws');
}

function checkTags() {
  equal(check(1, { a: 1 }, { x: 1.5, y: true, z: 's' }), true, 'tags');
  equal(check(1, { a: 1 }, null), true, 'null for tags');
  for (const value of [null, undefined, {}, [], 1n, new String('boxed')]) {
    const text =
      "GoError: invalid value for metric tag 'x': " +
      'only String, Boolean and Number types are accepted as a metric tag values';
    throws(() => check(1, { a: 1 }, { x: value }), text, `a tag that is ${typeof value}`);
  }
}

const groupTag = () => exec.vu.tags.group;

function groups() {
  equal(
    group('A', () => group('B', () => 1)),
    1,
    'the value of a group',
  );
  equal(
    group('A', () => group('B', groupTag)),
    '::A::B',
    'the tag in nested groups',
  );
  equal(group(5, groupTag), '::5', 'a number for a name');
  equal(group(undefined, groupTag), '', 'undefined for a name');
  equal(group('', groupTag), '', 'an empty name at the root');
  equal(
    group('A', () => group('', groupTag)),
    '::A::',
    'an empty name in a group',
  );
  equal(group(Symbol('x'), groupTag), '::x', 'a symbol for a name');
  throws(
    () =>
      group('A', () => {
        throw new TypeError('inside');
      }),
    'TypeError: inside',
    'a group that throws',
  );
  equal(groupTag(), '', 'the tag after a group that threw');
  const noCallback = 'GoError: group() requires a callback as a second argument';
  throws(() => group('A'), noCallback, 'no callback');
  throws(() => group('A', 5), noCallback, 'a number for a callback');
  const isAsync = /^GoError: group\(\) does not support async functions as arguments, /;
  throws(() => group('A', async () => 1), isAsync, 'an async callback');
  const separator = "GoError: group and check names may not contain '::'";
  throws(() => group('a::b', () => 1), separator, 'a name with ::');
}

function sleeps() {
  const msOf = (seconds) => {
    const begin = Date.now();
    sleep(seconds);
    return Date.now() - begin;
  };
  for (const nothing of [undefined, null, NaN, -1, {}, 'x', Infinity, 1e10]) {
    equal(msOf(nothing) < 1000, true, `sleep(${nothing}) is none`);
  }
  equal(msOf(0.05) >= 49, true, 'a number of seconds');
  equal(msOf('0.05') >= 49, true, 'a text that is a number');
  throws(() => sleep(1n), /^TypeError: Cannot convert a BigInt value to a number/, 'a BigInt');
}

function fails() {
  throws(() => fail('no'), 'GoError: no', 'fail');
  throws(() => fail(), 'GoError', 'fail without a message');
  throws(() => fail(undefined), 'GoError', 'fail(undefined)');
  throws(() => fail(5), 'GoError: 5', 'fail with a number');
}

const seeds = [
  [12345, [0.8487305991992138, 0.6451080292174168, 0.7382079884862905]],
  [1, [0.6046602879796196, 0.9405090880450124]],
  [42, [0.3730283610466326, 0.06600049679351791]],
  [0, [0.9451961492941164]],
  [-1, [0.3951876009960174]],
  [12345.7, [0.8487305991992138]],
  ['42.9', [0.3730283610466326]],
  [true, [0.6046602879796196]],
  [NaN, [0.9451961492941164]],
  [undefined, [0.9451961492941164]],
  [Infinity, [0.9451961492941164]],
  [1e20, [0.8328240056498365]],
  [2 ** 53 + 2, [0.8976269557546322]],
  [2 ** 60, [0.19102884055761135]],
];

function seededRandom() {
  for (const [seed, expected] of seeds) {
    randomSeed(seed);
    equal(
      expected.map(() => Math.random()),
      expected,
      `randomSeed(${seed})`,
    );
  }
  throws(
    () => randomSeed(42n),
    /^TypeError: Cannot convert a BigInt value to a number/,
    'a BigInt',
  );
}

export default function () {
  const unseeded = Math.random();
  equal(unseeded >= 0 && unseeded < 1, true, 'Math.random() without a seed');
  checks();
  checkErrors();
  checkTags();
  groups();
  sleeps();
  fails();
  seededRandom();
  finished('core');
}

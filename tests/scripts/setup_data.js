// What setup() returns, as exec functions and teardown() get it: by Go's JSON, not JavaScript's.
import { equal, finished } from './assert.js';

export const options = { vus: 1, iterations: 2 };

// Local time with its zone, as Go writes it; "Z" where there is no difference to UTC.
function goTime(date) {
  const minutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + minutes * 60000).toISOString().slice(0, 19);
  if (minutes === 0) return local + 'Z';
  const two = (number) => String(number).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.trunc(size / 60))}:${two(size % 60)}`;
}

const day = new Date(86400000);
const withMs = new Date(1500);

class Thing {
  a = 1;
  #hidden = 2;
  method() {
    return this.#hidden;
  }
  toJSON() {
    return 'not asked for';
  }
}

// [what it is, what setup returns, what comes of it]
const cases = [
  ['undefined properties', { a: undefined, b: [undefined, 1] }, { a: null, b: [null, 1] }],
  ['holes', [1, , 3], [1, null, 3]],
  ['a date', day, goTime(day)],
  ['a date with ms', withMs, goTime(withMs).replace(/(:01)/, '$1.5')],
  ['an invalid date', new Date(NaN), null],
  ['symbols', [Symbol('x'), Symbol()], ['x', '']],
  ['numbers', [1e21, 1e-7, 0.1, 5e-324, -1.5e300, -0], [1e21, 1e-7, 0.1, 5e-324, -1.5e300, -0]],
  ['a BigInt', 12345678901234567890n, 12345678901234567000],
  ['texts', 'a<b>&\u2028é😀"\\', 'a<b>&\u2028é😀"\\'],
  ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
  ['Uint8Array', new Uint8Array([1, 2, 255]), 'AQL/'],
  ['Uint8ClampedArray', new Uint8ClampedArray([1, 2]), 'AQI='],
  ['no bytes', new Uint8Array(0), null],
  ['Int8Array', new Int8Array([-1, 2]), [-1, 2]],
  ['Float32Array', new Float32Array([0.1, 1.5, 16777216]), [0.1, 1.5, 16777216]],
  ['BigInt64Array', new BigInt64Array([5n]), [5]],
  ['ArrayBuffer', new ArrayBuffer(4), {}],
  [
    'Map',
    new Map([
      ['a', 1],
      [{ x: 1 }, [2]],
    ]),
    [
      ['a', 1],
      [{ x: 1 }, [2]],
    ],
  ],
  ['Set', new Set([1, 'a']), [1, 'a']],
  ['RegExp', /x/g, {}],
  ['an error', Object.assign(new Error('boo'), { code: 5 }), { code: 5 }],
  ['a promise', Promise.resolve(1), {}],
  ['boxed values', [new Number(5), new Boolean(false), new String('ab')], [5, false, {}]],
  ['an instance', new Thing(), { a: 1 }],
  [
    'a getter',
    {
      get a() {
        return 5;
      },
    },
    { a: 5 },
  ],
  ['inherited properties', Object.create({ a: 1 }), {}],
  ['keys that are symbols', { [Symbol('q')]: 1, a: 2 }, { a: 2 }],
  ['an array with a property', Object.assign([1], { x: 2 }), [1]],
  [
    'nested',
    { a: { b: { c: [{}, [], '', true, null] } } },
    { a: { b: { c: [{}, [], '', true, null] } } },
  ],
];

export function setup(nothing) {
  equal(nothing, null, 'the argument of setup');
  const shared = { y: 1 };
  return { values: cases.map((one) => one[1]), twice: [shared, shared] };
}

export default function (data) {
  if (__ITER === 0) {
    cases.forEach(([label, , expected], i) => equal(data.values[i], expected, label));
    equal(data.twice, [{ y: 1 }, { y: 1 }], 'an object twice');
    equal(Object.isFrozen(data), false, 'data may be changed');
  }
  // One object per virtual user, over its iterations.
  data.count = (data.count || 0) + 1;
  equal(data.count, __ITER + 1, 'a change that persists');
  if (__ITER === 1) finished('setup_data');
}

export function teardown(data) {
  equal(data.count, undefined, 'a change that teardown does not see');
  equal(data.values.length, cases.length, 'data in teardown');
  finished('setup_data');
}

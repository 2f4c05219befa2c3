// What console.log() writes of a value, as k6 v2 does (v1.3 wrote JSON): each line is to have the
// same on both sides of " = ". The levels come last.
import { equal, finished } from './assert.js';

const circle = { name: 'c' };
circle.self = circle;
const shared = { x: 1 };

class Point {
  x = 1;
  #hidden = 2;
  move() {
    return this.#hidden;
  }
}

const levels = ['debug', 'error', 'info', 'log', 'warn'];
equal(Object.keys(console).sort(), levels, 'the levels');

const cases = [
  ['text', 'text'],
  [1.5, '1.5'],
  [-0, '0'],
  [null, 'null'],
  [undefined, 'undefined'],
  [true, 'true'],
  [12n, '12'],
  [Symbol('sym'), 'sym'],
  [() => 1, '[object Function]'],
  [class {}, '[object Function]'],
  [new Error('boo'), 'Error: boo'],
  [new TypeError('no'), 'TypeError: no'],
  [{ a: 'x', b: [1, null], f() {} }, '{ a: "x", b: [ 1, null ], f: [object Function] }'],
  [{}, '{}'],
  [[], '[]'],
  [[[], {}], '[ [], {} ]'],
  [[1, , 3], '[ 1, null, 3 ]'],
  [{ u: undefined, n: null }, '{ u: null, n: null }'],
  [{ t: 'a "quoted" \\ text' }, '{ t: "a "quoted" \\ text" }'],
  [{ 'a b': 1, 2: 3 }, '{ 2: 3, a b: 1 }'],
  [{ b: 5n, s: Symbol('q'), t: true }, '{ b: 5, s: q, t: true }'],
  [{ e: new RangeError('in') }, '{ e: RangeError: in }'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [{ d: new Date(1500) }, '{ d: "1970-01-01T00:00:01.500Z" }'],
  [new Date(NaN), '{}'],
  [new Map([[1, 2]]), '{}'],
  [new Set([1]), '{}'],
  [/x/g, '{}'],
  [Promise.resolve(1), '{}'],
  [new Point(), '{ x: 1 }'],
  [new String('ab'), '{ 0: "a", 1: "b" }'],
  [circle, '{ name: "c", self: [Circular] }'],
  [[shared, shared], '[ { x: 1 }, { x: 1 } ]'],
  [new Uint8Array([1, 2]), 'Uint8Array(2) [ 1, 2 ]'],
  [new Uint8ClampedArray([1]), 'Uint8Array(1) [ 1 ]'],
  [new Float64Array([0.5]), 'Float64Array(1) [ 0.5 ]'],
  [new BigInt64Array([5n]), 'BigInt64Array(1) [ 5 ]'],
  [new Int16Array(0), 'Int16Array(0) []'],
  [new Uint8Array([1, 171]).buffer, 'ArrayBuffer { [Uint8Contents]: <01 ab>, byteLength: 2 }'],
  [{ a: { b: { c: { d: [1] } } } }, '{ a: { b: { c: { d: [ 1 ] } } } }'],
];

export default function () {
  for (const [value, expected] of cases) console.log(value, '=', expected);
  console.log('%s', 1, { a: 'b' }, 'c', '=', '%s 1 { a: "b" } c');
  for (const level of levels) console[level](`level ${level}`);
  console.log();
  console.log('');
  finished('console');
}

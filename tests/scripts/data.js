// k6/data: SharedArray.
import { SharedArray } from 'k6/data';
import { equal, finished, throws } from './assert.js';

const shared = new SharedArray('list', () => [{ a: 1, b: [1, { c: 2 }] }, [1], 'text', 5, null]);
const holes = new SharedArray('holes', () => [1, undefined, () => 1, new Date(0), NaN]);
const second = new SharedArray('list', () => {
  throw new Error('a name that is known is not built again');
});
equal(second.length, 5, 'the same name again');

const only = 'GoError: only arrays can be made into SharedArray';
throws(() => new SharedArray('x', () => ({})), only, 'an object');
throws(() => new SharedArray('x', () => 'abc'), only, 'a string');
throws(() => new SharedArray('x', () => undefined), /^TypeError: /, 'undefined');
throws(
  () => new SharedArray('x', async () => []),
  'GoError: SharedArray constructor does not support async functions as second argument',
  'an async function',
);
const noFunction =
  "GoError: a function is expected as the second argument of SharedArray's constructor";
throws(() => new SharedArray('x'), noFunction, 'no function');
throws(() => new SharedArray('x', 5), noFunction, 'a number for a function');
throws(
  () => new SharedArray('', () => []),
  "GoError: empty name provided to SharedArray's constructor",
  'no name',
);
throws(
  () =>
    new SharedArray('x', () => {
      throw new RangeError('in it');
    }),
  'RangeError: in it',
  'a function that throws',
);
equal(new SharedArray('good', () => [1])[0], 1, 'another name');

function reads() {
  equal(shared.length, 5, 'length');
  equal(shared[0], { a: 1, b: [1, { c: 2 }] }, 'an element');
  equal(shared[0] === shared[0], false, 'each read makes a new object');
  equal([shared[2], shared[3], shared[4]], ['text', 5, null], 'primitives');
  equal([shared[99], shared[-1], shared['03'], shared.foo], Array(4).fill(undefined), 'no element');
  equal([shared['3'], shared.at(3), shared.at(-1)], [5, 5, null], 'other ways to an element');
  equal([0 in shared, 99 in shared, 'length' in shared], [true, false, true], 'in');
  equal([Array.isArray(shared), shared instanceof Array], [true, true], 'it is an array');
  equal(JSON.stringify(shared), '[{"a":1,"b":[1,{"c":2}]},[1],"text",5,null]', 'as JSON');
  equal(holes[0], 1, 'an element beside one that JSON cannot hold');
  throws(() => holes[1], /^SyntaxError: /, 'undefined as an element');
  throws(() => holes[2], /^SyntaxError: /, 'a function as an element');
  equal([holes[3], holes[4]], ['1970-01-01T00:00:00.000Z', null], 'what JSON changes');
}

function methods() {
  equal(
    shared.map((element) => typeof element),
    ['object', 'object', 'string', 'number', 'object'],
    'map',
  );
  equal(shared.slice(1, 3), [[1], 'text'], 'slice');
  equal(
    [shared.find((e) => e === 'text'), shared.indexOf(5), shared.includes('no')],
    ['text', 3, false],
    'find',
  );
  equal([...shared].length, 5, 'spread');
  equal(Object.keys(shared), ['0', '1', '2', '3', '4'], 'keys');
  equal(Object.keys(holes).length, 5, 'keys read no element');
  equal([].concat(shared).length, 5, 'concat');
  let count = 0;
  for (const element of shared) count += element === undefined ? 0 : 1;
  equal(count, 5, 'for…of');
}

function writes() {
  const immutable = 'TypeError: SharedArray is immutable';
  throws(() => (shared[0] = 1), immutable, 'an element set');
  throws(() => (shared[99] = 1), immutable, 'an element past the end set');
  throws(() => shared.push(1), immutable, 'push');
  throws(() => shared.sort(), immutable, 'sort');
  throws(() => (shared.length = 0), immutable, 'length set');
  throws(() => delete shared[0], immutable, 'delete');
  throws(
    () => (shared.foo = 1),
    /^TypeError: Cannot set property "foo" on a dynamic array/,
    'foo set',
  );
  throws(() => Object.freeze(shared), /^TypeError: /, 'freeze');
  throws(() => (shared[0].a = 2), /^TypeError: Cannot assign to read only property 'a'/, 'frozen');
  throws(
    () => (shared[0].b[1].c = 2),
    /^TypeError: Cannot assign to read only property 'c'/,
    'deeply',
  );
  throws(() => shared[1].push(2), /^TypeError: /, 'frozen arrays');
}

export default function () {
  reads();
  methods();
  writes();
  const late = 'GoError: new SharedArray must be called in the init context';
  throws(() => new SharedArray('list', () => []), late, 'after init');
  finished('data');
}

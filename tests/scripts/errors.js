// Errors: what they are, what they say, and their stacks.
function inner() {
  throw new Error('boom');
}
const lineOfBoom = 3;

import { fail } from 'k6';
import { Trend } from 'k6/metrics';
import { equal, finished, throws } from './assert.js';

function caught(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

function lineOf(call, number) {
  return caught(call).stack.split('\n')[number];
}

function goErrors() {
  const error = caught(() => fail('no'));
  equal([error.name, error.message, String(error)], ['GoError', 'no', 'GoError: no'], 'a GoError');
  equal([error instanceof Error, error.constructor === GoError], [true, true], 'its class');
  equal([Object.keys(error), JSON.stringify(error)], [['value'], '{"value":{}}'], 'its value');
  equal(caught(() => new Trend('late')) instanceof GoError, true, 'another one');
}

const arrow = () => inner();

class Thrower {
  method() {
    arrow();
  }
  get property() {
    return this.method();
  }
}

function stacks() {
  const lines = caught(() => new Thrower().property).stack.split('\n');
  equal(lines[0], 'Error: boom', 'the first line');
  const names = lines.slice(1, 5).map((line) => line.replace(/ \(file:.*$/, ''));
  equal(names, ['\tat inner', '\tat arrow', '\tat method', '\tat property'], 'names of functions');
  equal(
    /^\tat inner \(file:\/\/\/.*\/errors\.js:\d+:\d+\(\d+\)\)$/.test(lines[1]),
    true,
    'a frame',
  );
  equal(lines[1].includes(`errors.js:${lineOfBoom}:`), true, 'the line');
  equal(lines[lines.length - 1], '', 'a line break ends it');
}

function otherFrames() {
  const unnamed = /^\tat file:\/\/\/.*\/errors\.js:\d+:\d+\(\d+\)$/;
  equal(unnamed.test(lineOf(() => [1].forEach(() => inner()), 2)), true, 'no name');
  equal(
    lineOf(() => [1].forEach(() => inner()), 3),
    '\tat forEach (native)',
    'a native function',
  );
  equal(/^\tat <eval>:1:\d+\(\d+\)$/.test(lineOf(() => (0, eval)('fail_()'), 1)), true, 'eval');
  const stack = caught(() => fail('x')).stack;
  equal(/\tat default \(file:\/\/\/.*\/errors\.js:\d+:\d+\(\d+\)\)\n/.test(stack), true, 'default');
  equal(stack.includes('lab:') || stack.includes('.js:1:1('), false, 'no frames of our own');
}

class Own extends Error {
  constructor(message) {
    super(message);
    this.name = 'Own';
  }
}

function messages() {
  const unknown = 'ReferenceError: unknownName is not defined';
  equal(
    lineOf(() => unknownName, 0),
    unknown,
    'a name that is not defined',
  );
  const own = new Own('text');
  equal([String(own), own instanceof Own], ['Own: text', true], 'an own class');
  equal(own.stack.startsWith('Own: text\n\tat '), true, 'the stack of an own class');
  const lines = new Error('two\nlines');
  equal(lines.stack.startsWith('Error: two\nlines\n\tat '), true, 'a message of two lines');
  equal(Object.keys(new Error('x')), [], 'no keys');
  throws(
    () => {
      throw 'text';
    },
    'text',
    'a thrown text',
  );
}

export default function () {
  goErrors();
  stacks();
  otherFrames();
  messages();
  finished('errors');
}

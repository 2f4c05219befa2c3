// setTimeout and its kin: ids, order, arguments, and when an iteration has ended.
import timers from 'k6/timers';
import { sleep } from 'k6';
import { equal, finished, throws } from './assert.js';

export const options = { vus: 1, iterations: 6 };

const names = ['clearInterval', 'clearTimeout', 'setInterval', 'setTimeout'];
equal(Object.keys(timers).sort(), names, 'what k6/timers has');
equal(
  names.every((name) => timers[name] === globalThis[name]),
  true,
  'they are the globals',
);

const log = [];
const note = (text) => () => log.push(text);

function order() {
  setTimeout(note('20'), 20);
  setTimeout(note('5'), 5);
  setTimeout(note('20 again'), 20);
  setTimeout(note('0'), 0);
  setTimeout(note('none'));
  setTimeout(note('-1'), -1);
  setTimeout(note('a text'), '12');
  setTimeout(note('null'), null);
  setTimeout(note('1.8'), 1.8);
  setTimeout(note('1.2'), 1.2);
  Promise.resolve().then(note('a promise'));
  log.push('the function');
  return () => {
    const expected = [
      'the function',
      'a promise',
      '0',
      'none',
      '-1',
      'null',
      '1.2',
      '1.8',
      '5',
      'a text',
      '20',
      '20 again',
    ];
    equal(log, expected, 'the order of timers');
  };
}

function nested() {
  const cleared = setTimeout(note('cleared'), 3);
  setTimeout(() => {
    log.push('outer');
    clearTimeout(cleared);
    Promise.resolve().then(note('its promise'));
    setTimeout(note('inner'), 0);
  }, 1);
  setTimeout(note('later'), 10);
  return () => equal(log, ['outer', 'its promise', 'inner', 'later'], 'timers of a timer');
}

function callbacks() {
  setTimeout(
    function (...args) {
      log.push(args, this === globalThis);
    },
    0,
    1,
    'b',
    { c: 1 },
  );
  return () => equal(log, [[1, 'b', { c: 1 }], true], 'arguments and this');
}

function intervals() {
  let count = 0;
  const id = setInterval(
    (text) => {
      log.push(text + count++);
      if (count === 3) clearInterval(id);
    },
    2,
    'x',
  );
  return () => equal(log, ['x0', 'x1', 'x2'], 'an interval that clears itself');
}

async function waiting() {
  const done = await new Promise((resolve) => setTimeout(resolve, 5, 'waited'));
  log.push(done);
  await null;
  // sleep() blocks: a timer that is due meanwhile fires after it.
  setTimeout(note('fired'), 1);
  sleep(0.02);
  log.push('slept');
}

function arguments_() {
  const first = setTimeout(() => {}, 0);
  const second = setInterval(() => {}, 1000);
  equal(second - first, 1, 'ids count');
  equal(clearInterval(second), undefined, 'clearInterval');
  equal(clearTimeout(undefined), undefined, 'clearTimeout(undefined)');
  equal(clearTimeout(999), undefined, 'an unknown id');
  const noFunction = "GoError: setTimeout's callback isn't a callable function";
  throws(() => setTimeout(), noFunction, 'no callback');
  throws(() => setTimeout(null, 1), noFunction, 'null for a callback');
  const text = /^TypeError: could not convert function call parameter 0: could not convert x to /;
  throws(() => setTimeout('x', 1), text, 'a string for a callback');
}

let verify = () =>
  equal(
    setTimeout(() => {}, 0),
    1,
    'the first id of a virtual user',
  );

// Each iteration verifies what the one before has left, which has ended when its timers had fired.
export default async function () {
  verify();
  log.length = 0;
  if (__ITER < 4) verify = [order, nested, callbacks, intervals][__ITER]();
  if (__ITER === 4) {
    await waiting();
    verify = () => equal(log, ['waited', 'slept', 'fired'], 'an async function');
  }
  if (__ITER === 5) {
    arguments_();
    finished('timers');
  }
}

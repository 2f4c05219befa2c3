'use strict';
// What global objects are for scripts of k6: timers, console, text encoding, and the standard
// library as k6's engine has it. Evaluating this module installs it all.

const { GoError } = require('lab:errors');
const { goDurationMs, goString } = require('lab:arguments');
const { formatValue } = require('lab:format');
require('lab:polyfills');

// --- timers ---

class Timer {
  constructor(id, name, callback, delay, args, repeats) {
    this.id = id;
    this.name = name;
    this.callback = callback;
    this.delay = delay;
    this.args = args;
    this.repeats = repeats;
    this.due = 0;
    this.hostId = 0;
  }
}

let lastTimerId = 0;
// By id; made when the first timer is, since a snapshot is to hold no Map.
let timers = null;

function start(timer) {
  timer.due = native.now() + timer.delay;
  timer.hostId = native.setTimer(timer.delay, () => fire(timer));
}

function fire(timer) {
  if (!timer.repeats) timers.delete(timer.id);
  try {
    timer.callback.apply(globalThis, timer.args);
  } finally {
    if (timer.repeats && timers.has(timer.id)) start(timer);
  }
}

function checkConvertible(callback) {
  if (typeof callback === 'function' || callback === undefined || callback === null) return;
  const given = `could not convert ${goString(callback)} to sobek.Callable`;
  throw new TypeError(`could not convert function call parameter 0: ${given}`);
}

function newTimer(name, callback, delay, args, repeats) {
  checkConvertible(callback);
  const ms = goDurationMs(+delay);
  const id = ++lastTimerId;
  if (typeof callback !== 'function') {
    throw new GoError(`${name}'s callback isn't a callable function`);
  }
  const timer = new Timer(id, name, callback, ms, args, repeats);
  if (timers === null) timers = new Map();
  timers.set(timer.id, timer);
  start(timer);
  return timer.id;
}

function setTimeout(callback, delay, ...args) {
  return newTimer('setTimeout', callback, delay, args, false);
}

function setInterval(callback, delay, ...args) {
  return newTimer('setInterval', callback, delay, args, true);
}

function clearTimeout(id) {
  const number = Math.trunc(+id);
  const timer = timers === null ? undefined : timers.get(number);
  if (timer === undefined) return;
  timers.delete(number);
  native.clearTimer(timer.hostId);
}

function clearInterval(id) {
  clearTimeout(id);
}

// Timers that are left have been cut: an iteration that ends by itself waits for all of them.
function cutTimers() {
  if (timers === null || timers.size === 0) return;
  const cut = Array.from(timers.values()).sort((a, b) => a.due - b.due);
  timers.clear();
  for (const timer of cut) {
    native.clearTimer(timer.hostId);
    const what = `${timer.name} ${timer.id}`;
    native.log(2, `${what} was stopped because the VU iteration was interrupted`, '');
  }
}

for (const timerFunction of [setTimeout, clearTimeout, setInterval, clearInterval]) {
  globalThis[timerFunction.name] = timerFunction;
}
native.hooks.iterationEnd.push(cutTimers);

// --- console ---

function logFunction(level) {
  return function (first) {
    let text = arguments.length === 0 ? '' : formatValue(first);
    for (let i = 1; i < arguments.length; i++) text += ' ' + formatValue(arguments[i]);
    native.log(level, text, 'console');
  };
}

globalThis.console = {
  debug: logFunction(0),
  error: logFunction(3),
  info: logFunction(1),
  log: logFunction(1),
  warn: logFunction(2),
};

// --- randomness ---

let goRandom = false;

Math.random = function random() {
  return goRandom ? native.goFloat64() : native.randomUnit();
};

// From now on Math.random() is Go's math/rand, with the seed that native.goSeed() was given.
function useGoRandom() {
  goRandom = true;
}

globalThis.global = globalThis;

exports.useGoRandom = useGoRandom;

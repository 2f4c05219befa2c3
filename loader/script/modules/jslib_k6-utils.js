'use strict';
// k6-utils of k6's library site: random values, text search, stages, a check for promises.
// A script names the version; exports.forVersion gives what that version had.

const execution = require('k6/execution');
const { randomBytes } = require('k6/crypto');
const { GoError } = require('lab:errors');
const { hexOf } = require('lab:bytes');

const letters = 'abcdefghijklmnopqrstuvwxyz';
const unitMs = { d: 86400000, h: 3600000, m: 60000, s: 1000, ms: 1 };

function secureUuid() {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

// One draw for each free digit, so that a seeded run gives the same ids as under k6.
function uuidv4(secure = false) {
  if (secure) return secureUuid();
  let id = '';
  for (let i = 0; i < 36; i++) {
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      id += '-';
    } else if (i === 14) {
      id += '4';
    } else {
      const digit = Math.floor(Math.random() * 16);
      id += (i === 19 ? (digit & 3) | 8 : digit).toString(16);
    }
  }
  return id;
}

function randomIntBetween(min, max) {
  return Math.floor(Math.random() * (max - min + 1) + min);
}

function randomItem(items) {
  return items[Math.floor(Math.random() * items.length)];
}

function randomString(length, charset = letters) {
  let text = '';
  for (let i = 0; i < length; i++) text += charset[Math.floor(Math.random() * charset.length)];
  return text;
}

function randomLetters(length) {
  return randomString(length);
}

// The text between `left` and the next `right`, from an offset on, and where it ends; or null.
function foundBetween(content, left, right, offset) {
  const before = content.indexOf(left, offset);
  if (before < 0) return null;
  const start = before + left.length;
  const end = content.indexOf(right, start);
  return end < 0 ? null : { text: content.slice(start, end), next: end + right.length };
}

function findBetween(content, left, right, all = false) {
  const texts = [];
  let found = foundBetween(content, left, right, 0);
  if (!all) return found === null ? null : found.text;
  while (found !== null) {
    texts.push(found.text);
    // An empty left and right would be found again and again at one place.
    const next = left === '' && right === '' ? content.length + 1 : found.next;
    found = next > content.length ? null : foundBetween(content, left, right, next);
  }
  return texts.length === 0 ? null : texts;
}

function findBetweenOrEmpty(content, left, right) {
  const found = foundBetween(content, left, right, 0);
  return found === null ? '' : found.text;
}

// A load that follows the bell curve from -2 to +2 standard deviations and ends at nought. The
// first and the last stage take a sixth of the time each.
function normalDistributionStages(maxVus, durationSeconds, numberOfStages = 10) {
  const edge = Math.ceil(durationSeconds / 6) + 's';
  const inner = Math.ceil(durationSeconds * 4 / 6 / numberOfStages) + 's';
  const heights = [];
  for (let i = 0; i <= numberOfStages; i++) {
    heights.push(Math.exp(-0.5 * (-2 + 4 * i / numberOfStages) ** 2));
  }
  const highest = Math.max(...heights);
  const stages = heights.map((height, i) => (
    { duration: i === 0 ? edge : inner, target: Math.round(maxVus * height / highest) }));
  stages.push({ duration: edge, target: 0 });
  return stages;
}

function isOfNumber(character) {
  return (character >= '0' && character <= '9') || character === '.';
}

// Milliseconds of "1h30m"; a number without a unit is milliseconds. As in the library, whole
// milliseconds alone count, and what is no text, or one character that is no digit, is 0.
function parseDuration(text) {
  if (text === undefined || text === null || text.length < 1) throw new Error('str is empty');
  const seen = [];
  let sum = 0;
  let number = '';
  for (let at = 0; at < text.length; at++) {
    if (isOfNumber(text[at])) number += text[at];
    const next = text[at + 1];
    if (next === undefined || isOfNumber(next)) continue;
    const unit = next === 'm' && text[at + 2] === 's' ? 'ms' : next;
    if (!Object.hasOwn(unitMs, unit)) throw new Error(unit + ' is an unsupported time unit');
    if (seen.includes(unit)) throw new Error(unit + ' time unit is provided multiple times');
    const amount = parseFloat(number);
    sum += (unit === 'ms' ? Math.trunc(amount) : amount) * unitMs[unit];
    seen.push(unit);
    number = '';
    at += unit.length;
  }
  return number === '' ? sum : sum + parseFloat(number);
}

function currentStages() {
  const { name } = execution.scenario;
  const scenario = execution.test.options.scenarios[name];
  if (scenario === undefined) {
    throw new Error('the exec.test.options object doesn\'t contain the current scenario ' + name);
  }
  const { stages } = scenario;
  if (stages === undefined || stages === null) {
    throw new Error('only ramping-vus or ramping-arravial-rate supports stages, it is not ' +
      'possible to get a stage index on other executors.');
  }
  if (stages.length < 1) {
    throw new Error('the current scenario ' + name + ' doesn\'t contain any stage');
  }
  return stages;
}

// The last stage once all are over.
function getCurrentStageIndex() {
  const stages = currentStages();
  const elapsed = Date.now() - execution.scenario.startTime;
  let end = 0;
  for (let i = 0; i < stages.length; i++) {
    end += parseDuration(stages[i].duration);
    if (elapsed < end) return i;
  }
  return stages.length - 1;
}

function tagWithCurrentStageIndex() {
  execution.vu.tags.stage = getCurrentStageIndex();
}

function currentStageProfile() {
  const stages = currentStages();
  const index = getCurrentStageIndex();
  const change = index === 0 ? 1 : stages[index].target - stages[index - 1].target;
  if (change === 0) return 'steady';
  return change > 0 ? 'ramp-up' : 'ramp-down';
}

function tagWithCurrentStageProfile() {
  execution.vu.tags.stage_profile = currentStageProfile();
}

function addedCheck(name, passed, tags) {
  if (native.phase === 0) {
    throw new GoError('Adding to metrics in the init context is not supported');
  }
  const flat = [];
  for (const key of Object.keys(tags)) flat.push(key, String(tags[key]));
  native.addCheck(name, Boolean(passed), flat.length === 0 ? null : flat);
  return Boolean(passed);
}

// k6's check, but parts may be asynchronous: then it returns a promise of the result.
function check(value, sets, tags = {}) {
  const pending = [];
  let passed = true;
  for (const [name, part] of Object.entries(sets)) {
    const result = typeof part === 'function' ? part(value) : part;
    if (result instanceof Promise) {
      pending.push(result.then((settled) => addedCheck(name, settled, tags)));
    } else {
      passed = addedCheck(name, result, tags) && passed;
    }
  }
  if (pending.length === 0) return passed;
  return Promise.all(pending).then((all) => passed && all.every(Boolean));
}

function checkOfPromise(value, sets, tags = {}) {
  if (value instanceof Promise) return value.then((settled) => check(settled, sets, tags));
  return check(value, sets, tags);
}

const utils1_0 = { uuidv4, randomIntBetween, randomItem, randomString: randomLetters };
const utils1_1 = { ...utils1_0, findBetween: findBetweenOrEmpty };
const utils1_2 = { ...utils1_0, randomString, findBetween, normalDistributionStages };
const utils1_4 = { ...utils1_2, parseDuration, getCurrentStageIndex, tagWithCurrentStageIndex,
  tagWithCurrentStageProfile };
const utils1_6 = { ...utils1_4, check: checkOfPromise };
const versions = { '1.0.0': utils1_0, '1.1.0': utils1_1, '1.2.0': utils1_2, '1.3.0': utils1_4,
  '1.4.0': utils1_4, '1.5.0': { ...utils1_4, check }, '1.6.0': utils1_6 };

Object.assign(exports, utils1_6);
// What this version exported; the newest of an unknown one.
Object.defineProperty(exports, 'forVersion', {
  value: (version) => versions[version] || utils1_6,
});

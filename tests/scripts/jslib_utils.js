// k6-utils, version by version.
import { randomSeed, sleep } from 'k6';
import exec from 'k6/execution';
import * as utils10 from 'https://jslib.k6.io/k6-utils/1.0.0/index.js';
import * as utils11 from 'https://jslib.k6.io/k6-utils/1.1.0/index.js';
import * as utils12 from 'https://jslib.k6.io/k6-utils/1.2.0/index.js';
import * as utils14 from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';
import * as utils15 from 'https://jslib.k6.io/k6-utils/1.5.0/index.js';
import * as utils16 from 'https://jslib.k6.io/k6-utils/1.6.0/index.js';
import { equal, finished, throws } from './assert.js';

export const options = {
  scenarios: {
    stages: {
      executor: 'ramping-vus',
      exec: 'staged',
      startVUs: 1,
      stages: [{ duration: '1s', target: 1 }, { duration: '0s', target: 0 }],
      gracefulRampDown: '0s',
    },
    rest: { executor: 'per-vu-iterations', exec: 'rest', vus: 1, iterations: 1, startTime: '1s' },
  },
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function seeded() {
  for (const utils of [utils12, utils14, utils16]) {
    randomSeed(42);
    const drawn = [utils.randomIntBetween(1, 3), utils.randomIntBetween(1, 3),
      utils.randomIntBetween(5, 5), utils.randomIntBetween(1.5, 2.5),
      utils.randomItem(['a', 'b']), utils.randomItem([]), utils.randomString(8),
      utils.randomString(4, '01'), utils.uuidv4()];
    equal(drawn, [2, 1, 5, 1, 'a', undefined, 'vjjqtfjd', '1011',
      'ff1543a0-e273-45be-b1fe-d2abc40b9d88'], 'with a seed');
  }
  equal(uuid.test(utils14.uuidv4(true)), true, 'a secure uuid');
  equal(utils10.randomString(20, '01').replace(/[a-z]/g, ''), '', '1.0 has no charset');
  equal(utils14.randomString(0), '', 'no letters');
}

function found() {
  equal(utils10.findBetween, undefined, 'not in 1.0');
  equal(utils11.findBetween('a<b>c<d>e', '<', '>'), 'b', '1.1');
  equal(utils11.findBetween('abc', '<', '>'), '', '1.1 finds nothing');
  equal(utils12.findBetween('a<b>c<d>e', '<', '>'), 'b', '1.2');
  equal(utils12.findBetween('abc', '<', '>'), null, '1.2 finds nothing');
  equal(utils14.findBetween('a<b>c<d>e', '<', '>', true), ['b', 'd'], 'all');
  equal(utils14.findBetween('a<b>c<bc', '<', '>', true), ['b'], 'one unclosed');
  equal(utils14.findBetween('abc', '<', '>', true), null, 'all of none');
  equal(utils14.findBetween('a<>', '<', '>'), '', 'nothing between');
}

function stagesOf(vus, seconds, count) {
  return utils14.normalDistributionStages(vus, seconds, count)
    .map((stage) => `${stage.duration} ${stage.target}`);
}

function curves() {
  equal(stagesOf(10, 60, 4), ['10s 1', '10s 6', '10s 10', '10s 6', '10s 1', '10s 0'], '4 stages');
  equal(stagesOf(7, 33, 3), ['6s 1', '8s 7', '8s 7', '8s 1', '6s 0'], '3 stages');
  equal(stagesOf(100, 10), ['2s 14', '1s 28', '1s 49', '1s 73', '1s 92', '1s 100', '1s 92', '1s 73',
    '1s 49', '1s 28', '1s 14', '2s 0'], 'the default');
}

function durations() {
  const parsed = ['1h30m', '10s', '1d2h', '500ms', '1.5s', '10', '1m1'].map(utils14.parseDuration);
  equal(parsed, [5400000, 10000, 93600000, 500, 1500, 10, 60001], 'parseDuration');
  equal(['x', 5, '1.9ms', ' 5s', '2m1ms'].map(utils14.parseDuration),
    [0, 0, 1, 5000, 120001], 'what is none');
  throws(() => utils14.parseDuration('xx'), 'Error: x is an unsupported time unit', 'xx');
  throws(() => utils14.parseDuration(''), 'Error: str is empty', 'an empty duration');
  throws(() => utils14.parseDuration('1h1h'), 'Error: h time unit is provided multiple times',
    'twice the same unit');
  throws(() => utils14.parseDuration('1w'), 'Error: w is an unsupported time unit', '1w');
}

async function checks() {
  equal(utils15.check(1, { one: (v) => v === 1 }), true, 'check');
  equal(utils15.check(1, { one: (v) => v === 1, two: false }), false, 'a check fails');
  equal(await utils15.check(1, { later: async (v) => v === 1, now: true }), true, 'async');
  equal(await utils15.check(1, { later: async () => false }), false, 'async fails');
  equal(await utils16.check(Promise.resolve(5), { five: (v) => v === 5 }), true, 'of a promise');
}

// Once, well within the first stage.
export function staged() {
  if (__ITER > 0) {
    sleep(2);
    return;
  }
  equal(utils14.getCurrentStageIndex(), 0, 'stage');
  utils14.tagWithCurrentStageIndex();
  utils14.tagWithCurrentStageProfile();
  equal([exec.vu.tags.stage, exec.vu.tags.stage_profile], ['0', 'ramp-up'], 'tags');
}

export async function rest() {
  throws(() => utils14.getCurrentStageIndex(),
    'Error: only ramping-vus or ramping-arravial-rate supports stages, it is not possible to get ' +
    'a stage index on other executors.', 'no stages');
  seeded();
  found();
  curves();
  durations();
  await checks();
  finished('jslib_utils');
}

// k6/execution: scenario, instance, vu, test.
import exec from 'k6/execution';
import { instance, scenario, test, vu } from 'k6/execution';
import { equal, finished, isLoader, throws } from './assert.js';

export const options = {
  scenarios: {
    first: {
      executor: 'per-vu-iterations',
      vus: 1,
      iterations: 2,
      gracefulStop: '90s',
      tags: { of: 'scenario' },
    },
  },
  tags: { run: 'yes' },
  maxRedirects: 3,
};

const inInit = 'in the init context is not supported';
const outside = 'GoError: getting scenario information outside of the VU context is not supported';
throws(() => exec.vu, `GoError: getting VU information ${inInit}`, 'vu in init');
throws(() => exec.scenario, outside, 'scenario in init');
throws(() => exec.test.options, `GoError: getting test options ${inInit}`, 'options in init');
throws(
  () => exec.test.fail('x'),
  'GoError: execution.test.fail() called outside of VU context',
  'fail in init',
);
equal(Object.keys(exec).sort(), ['instance', 'scenario', 'test', 'vu'], 'what the module has');

export function setup() {
  throws(() => exec.scenario.name, outside, 'scenario in setup');
  equal([exec.vu.idInTest, exec.vu.idInInstance], [0, 0], 'vu in setup');
  equal([exec.vu.tags.group, exec.vu.tags.scenario], ['::setup', undefined], 'tags in setup');
  return exec.instance.vusInitialized;
}

function scenarios(iteration) {
  equal(exec.scenario.name, 'first', 'scenario.name');
  equal(exec.scenario.executor, 'per-vu-iterations', 'scenario.executor');
  equal(exec.scenario.iterationInInstance, iteration, 'scenario.iterationInInstance');
  equal(exec.scenario.iterationInTest, iteration, 'scenario.iterationInTest');
  equal(Number.isInteger(exec.scenario.startTime), true, 'scenario.startTime');
  equal(Math.abs(Date.now() - exec.scenario.startTime) < 60000, true, 'scenario.startTime is now');
  equal(exec.scenario.progress >= 0 && exec.scenario.progress <= 1, true, 'scenario.progress');
  equal(scenario.name, 'first', 'scenario imported by name');
  throws(() => (exec.scenario.name = 'x'), /^TypeError: /, 'scenario.name set');
}

function instances(iteration) {
  equal(exec.instance.iterationsCompleted, iteration, 'instance.iterationsCompleted');
  equal(exec.instance.iterationsInterrupted, 0, 'instance.iterationsInterrupted');
  equal([exec.instance.vusActive, exec.instance.vusInitialized], [1, 1], 'instance.vus…');
  equal(exec.instance.currentTestRunDuration >= 0, true, 'instance.currentTestRunDuration');
  equal(instance.vusActive, 1, 'instance imported by name');
}

function vus(iteration) {
  equal([exec.vu.idInTest, exec.vu.idInInstance], [1, 1], 'vu.id…');
  equal(exec.vu.iterationInInstance, iteration, 'vu.iterationInInstance');
  equal(exec.vu.iterationInScenario, iteration, 'vu.iterationInScenario');
  equal([vu.idInTest, __VU, __ITER], [1, 1, iteration], 'vu imported by name');
}

function tags() {
  const { tags: live } = exec.vu;
  const keys = ['group', 'of', 'run', 'scenario'];
  equal(Object.keys(live).sort(), keys, 'the keys of tags');
  equal([live.of, live.run, live.scenario, live.group], ['scenario', 'yes', 'first', ''], 'tags');
  live.number = 1.5;
  exec.vu.metrics.tags.bool = true;
  Object.assign(exec.vu.tags, { text: 's', 5: 'five' });
  const set = [live.number, live.bool, live.text, live[5], exec.vu.metrics.tags.number];
  equal(set, ['1.5', 'true', 's', 'five', '1.5'], 'tags that were set');
  equal(['number' in live, 'no' in live, live.no], [true, false, undefined], 'in');
  for (const key of ['number', 'bool', 'text', '5', 'missing']) equal(delete live[key], true, key);
  equal(Object.keys(exec.vu.tags).sort(), keys, 'the keys of tags after delete');
  for (const value of [null, undefined, {}, [], 1n, new String('boxed')]) {
    const text =
      "TypeError: invalid value for metric tag 'x': " +
      'only String, Boolean and Number types are accepted as a metric tag values';
    throws(() => (live.x = value), text, `a tag that is ${typeof value}`);
  }
  throws(() => Object.freeze(live), /^TypeError: Cannot make a dynamic object non-ext/, 'freeze');
  exec.vu.tags = { other: 'x' };
  equal(exec.vu.tags.other, undefined, 'vu.tags set to another object');
}

function metadata() {
  exec.vu.metrics.metadata.trace = 5;
  equal(exec.vu.metrics.metadata.trace, '5', 'metadata');
  equal(Object.keys(exec.vu.metrics.metadata), ['trace'], 'the keys of metadata');
  const text =
    "TypeError: invalid value for metric metadata 'x': " +
    'only String, Boolean and Number types are accepted as a metric metadata value';
  throws(() => (exec.vu.metrics.metadata.x = null), text, 'null as metadata');
  delete exec.vu.metrics.metadata.trace;
  equal(Object.keys(exec.vu.metrics.metadata), [], 'the keys of metadata after delete');
}

function testOptions() {
  const all = exec.test.options;
  equal(all.maxRedirects, 3, 'an option');
  const first = {
    executor: 'per-vu-iterations',
    startTime: null,
    gracefulStop: '1m30s',
    env: null,
    exec: null,
    tags: { of: 'scenario' },
    vus: 1,
    iterations: 2,
    maxDuration: null,
  };
  equal(all.scenarios, { first }, 'scenarios');
  equal(test.options.maxRedirects, 3, 'test imported by name');
  if (isLoader) equal('handleSummaryTimeout' in all, true, 'an option of k6 v2');
}

export default function (initialized) {
  equal(initialized, 1, 'instance.vusInitialized in setup');
  // Tags and metadata persist over iterations; the second one sees that all of them went.
  scenarios(__ITER);
  instances(__ITER);
  vus(__ITER);
  tags();
  metadata();
  testOptions();
  if (__ITER === 1) finished('execution');
}

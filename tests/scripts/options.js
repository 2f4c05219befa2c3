// The options that a script exports, and what test.options of k6/execution makes of them.
import exec from 'k6/execution';
import { equal, finished, throws } from './assert.js';

export const options = {
  vus: 1,
  iterations: 1,
  duration: '90s',
  setupTimeout: 5000,
  minIterationDuration: '1.5ms',
  discardResponseBodies: true,
  dns: { ttl: '1m' },
  tags: { a: 'b' },
  thresholds: { iterations: ['count>0'] },
  userAgent: null,
};

const scenario = {
  executor: 'shared-iterations',
  startTime: null,
  gracefulStop: null,
  env: null,
  exec: null,
  tags: null,
  vus: 1,
  iterations: 1,
  maxDuration: '1m30s',
};

function unset(all) {
  const stats = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
  equal(all.summaryTrendStats, stats, 'summaryTrendStats when unset');
  const tags =
    'check error error_code expected_response group method name proto scenario service status ' +
    'subproto tls_version url';
  equal(all.systemTags.join(' '), tags, 'systemTags when unset');
  const nulls = ['userAgent', 'throw', 'rps', 'hosts', 'teardownTimeout', 'ext', 'localIPs'];
  equal(nulls.map((key) => all[key]), nulls.map(() => null), 'unset options');
  const shortcuts = ['vus', 'iterations', 'duration', 'stages'];
  equal(shortcuts.filter((key) => key in all), [], 'shortcuts');
}

export default function () {
  const all = exec.test.options;
  equal(all.scenarios, { default: scenario }, 'the scenario of shortcuts');
  equal([all.setupTimeout, all.minIterationDuration], ['5s', '1.5ms'], 'durations');
  equal(all.dns, { ttl: '1m', select: null, policy: null }, 'dns');
  equal([all.discardResponseBodies, all.tags], [true, { a: 'b' }], 'options that are set');
  equal(all.thresholds.iterations, ['count>0'], 'thresholds');
  unset(all);
  equal([Object.isFrozen(all), Object.isFrozen(all.scenarios.default)], [true, true], 'frozen');
  throws(() => (all.tags.a = 'c'), /^TypeError: /, 'an option that is set');
  finished('options');
}

'use strict';
// test.options of k6/execution: the options of the run, frozen, in the shape that k6 gives them.

const { formatDuration, parseExtendedDuration } = require('lab:duration');

// All of k6's but `vus`, `iterations`, `duration` and `stages`, which have become scenarios. Unset
// ones are null.
const optionKeys = (
  'paused scenarios executionSegment executionSegmentSequence noSetup setupTimeout noTeardown ' +
  'teardownTimeout handleSummaryTimeout rps dns maxRedirects userAgent batch batchPerHost ' +
  'httpDebug insecureSkipTLSVerify tlsCipherSuites tlsVersion tlsAuth throw thresholds ' +
  'blacklistIPs blockHostnames hosts noConnectionReuse noVUConnectionReuse ' +
  'minIterationDuration ext summaryTrendStats summaryTimeUnit systemTags tags ' +
  'metricSamplesBufferSize noCookiesReset discardResponseBodies consoleOutput localIPs'
).split(' ');

const commonKeys = 'executor startTime gracefulStop env exec tags ';
const scenarioKeys = {
  'shared-iterations': 'vus iterations maxDuration',
  'per-vu-iterations': 'vus iterations maxDuration',
  'constant-vus': 'vus duration',
  'ramping-vus': 'startVUs stages gracefulRampDown',
  'constant-arrival-rate': 'rate timeUnit duration preAllocatedVUs maxVUs',
  'ramping-arrival-rate': 'startRate timeUnit stages preAllocatedVUs maxVUs',
  'externally-controlled': 'vus duration maxVUs',
};

const durationKeys = (
  'startTime gracefulStop maxDuration duration gracefulRampDown timeUnit setupTimeout ' +
  'teardownTimeout handleSummaryTimeout minIterationDuration'
).split(' ');

const trendStats = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
const systemTags = (
  'check error error_code expected_response group method name proto scenario service status ' +
  'subproto tls_version url'
).split(' ');

// Go's text of a duration that may be a number of ms.
function durationText(value) {
  if (typeof value === 'number') return formatDuration(value);
  return typeof value === 'string' ? formatDuration(parseExtendedDuration(value)) : value;
}

// `given` with all of these keys, those that it lacks null, and its durations as Go writes them.
function completed(keys, given) {
  const all = {};
  for (const key of keys) {
    const value = given[key] === undefined ? null : given[key];
    all[key] = durationKeys.includes(key) ? durationText(value) : value;
  }
  return all;
}

function stage(given) {
  return { duration: durationText(given.duration), target: given.target };
}

function scenario(given) {
  const own = scenarioKeys[given.executor];
  const keys = own === undefined ? Object.keys(given) : (commonKeys + own).split(' ');
  const all = completed(keys, given);
  if (Array.isArray(all.stages)) all.stages = all.stages.map(stage);
  return all;
}

// The scenario that the shortcuts are short for.
function defaultScenario({ vus, iterations, duration, stages }) {
  if (iterations) {
    return { executor: 'shared-iterations', vus, iterations, maxDuration: duration };
  }
  if (duration) return { executor: 'constant-vus', vus, duration };
  if (stages && stages.length > 0) return { executor: 'ramping-vus', startVUs: vus, stages };
  return { executor: 'per-vu-iterations' };
}

function scenarios(given) {
  const all = {};
  const written = given.scenarios || { default: defaultScenario(given) };
  for (const name of Object.keys(written)) all[name] = scenario(written[name]);
  return all;
}

// A copy, frozen through and through.
function frozen(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  const copy = {};
  for (const key of Object.keys(value)) copy[key] = frozen(value[key]);
  return Object.freeze(copy);
}

function complete(given) {
  const all = completed(optionKeys, given);
  all.scenarios = scenarios(given);
  all.dns = completed(['ttl', 'select', 'policy'], given.dns || {});
  all.summaryTrendStats = given.summaryTrendStats || trendStats;
  all.systemTags = given.systemTags || systemTags;
  if (given.cloud !== undefined) all.cloud = given.cloud;
  return frozen(all);
}

let options = null;

exports.options = function () {
  if (options === null) options = complete(native.options);
  return options;
};

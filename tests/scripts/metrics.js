// k6/metrics: metrics that a script declares and adds to.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import metrics from 'k6/metrics';
import { equal, finished, throws } from './assert.js';

const trend = new Trend('a_trend');
const counter = new Counter('a_counter', true);
const gauge = new Gauge('a_gauge');
const rate = new Rate('a_rate');

equal(Object.keys(metrics).sort(), ['Counter', 'Gauge', 'Rate', 'Trend'], 'what the module has');
equal(trend.name, 'a_trend', 'the name of a metric');
equal(Object.keys(trend), ['name', 'add'], 'what a metric has');
throws(
  () => (trend.name = 'other'),
  /^TypeError: Cannot assign to read only property 'name'/,
  'name',
);
throws(
  () => trend.add(1),
  'GoError: Adding to metrics in the init context is not supported',
  'add in init',
);

const rule =
  'Metric names must only include up to 128 ASCII letters, numbers, or underscores ' +
  'and start with a letter or an underscore.';
for (const [given, shown] of [
  ['a', 'a'],
  ['1a', '1a'],
  ['a-b', 'a-b'],
  [undefined, ''],
  ['é9', 'é9'],
]) {
  throws(
    () => new Trend(given),
    `GoError: Invalid metric name: '${shown}'. ${rule}`,
    `name ${given}`,
  );
}

equal(new Trend('a_trend').name, 'a_trend', 'the same metric again');
throws(
  () => new Rate('a_trend'),
  "GoError: metric 'a_trend' already exists but with type trend, instead of rate",
  'the same name for another type',
);
throws(
  () => new Trend('a_trend', true),
  "GoError: metric 'a_trend' already exists but with a value type default, instead of time",
  'the same name for times',
);
equal(new Rate('checks').name, 'checks', 'a built-in metric');
equal(new Trend('http_req_duration', true).name, 'http_req_duration', 'a built-in metric of times');

function adds() {
  for (const value of [1, -1, 0, 1.5, '2', '', '0x10', true, false, [], new Date(5), Infinity]) {
    equal(trend.add(value), true, `add(${JSON.stringify(value)})`);
  }
  for (const value of [NaN, 'abc', undefined, null, {}, () => 1]) {
    equal(trend.add(value), false, `add(${String(value)})`);
  }
  equal(trend.add(), false, 'add()');
  throws(() => trend.add(5n), /^TypeError: Cannot convert a BigInt value to a number/, 'a BigInt');
  throws(() => trend.add(Symbol('x')), /^TypeError: /, 'a symbol');
  equal(
    [counter, gauge, rate].map((metric) => metric.add(1)),
    [true, true, true],
    'other types',
  );
  const { add } = trend;
  equal(add(1), true, 'add without its metric');
}

function tags() {
  equal(trend.add(1, { s: 'x', n: 1, b: false }), true, 'tags');
  equal(trend.add(1, null), true, 'null for tags');
  const text =
    "GoError: cannot add tags for the 'a_trend' custom metric: invalid value for metric tag 'x': " +
    'only String, Boolean and Number types are accepted as a metric tag values';
  throws(() => trend.add(1, { x: null }), text, 'a tag that is null');
  throws(() => trend.add(1, { x: {} }), text, 'a tag that is an object');
}

export default function () {
  adds();
  tags();
  const late = 'GoError: metrics must be declared in the init context';
  throws(() => new Trend('too_late'), late, 'a new metric after init');
  throws(() => new Trend('a_trend'), late, 'a known metric after init');
  finished('metrics');
}

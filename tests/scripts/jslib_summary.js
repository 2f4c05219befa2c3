// k6-summary: the text for a summary, a value's text, JUnit.
import { humanizeValue, jUnit, textSummary } from 'https://jslib.k6.io/k6-summary/0.1.0/index.js';
import * as summary1 from 'https://jslib.k6.io/k6-summary/0.0.1/index.js';
import * as summary2 from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';
import { equal, finished, throws } from './assert.js';

const checks = { type: 'rate', contains: 'default', values: { rate: 0.75, passes: 9, fails: 3 } };
const group = {
  name: '',
  checks: [{ name: 'ok', passes: 4, fails: 0 }, { name: 'half', passes: 1, fails: 3 }],
  groups: [{ name: 'G', checks: [{ name: 'in', passes: 4, fails: 0 }], groups: [] }],
};
const tree = '     ✓ ok\n     ✗ half\n      ↳  25% — ✓ 1 / ✗ 3\n\n     █ G\n\n       ✓ in\n';

function small() {
  const data = {
    root_group: group,
    metrics: {
      iters: { type: 'counter', contains: 'default', values: { count: 4, rate: 2 } },
      checks,
    },
    options: { summaryTrendStats: [] },
  };
  const expected = `${tree}\n     checks...: 75.00% ✓ 9 ✗ 3\n     iters....: 4      2/s`;
  equal(textSummary(data, { enableColors: false }), expected, '0.1.0');
  equal(summary2.textSummary(data, { enableColors: false }), expected, '0.0.2');
  equal(textSummary(data).split('\n')[0], '\x1b[32m     ✓ ok\x1b[0m', 'in colour');
  equal(textSummary({ ...data, metrics: {} }, { enableColors: false, indent: '' }),
    tree.replace(/^ (?= )/gm, ''), 'no metrics, no indent');
}

function trend(values) {
  return { type: 'trend', contains: 'time', values };
}

function metrics() {
  const data = {
    root_group: { name: '', checks: [], groups: [] },
    metrics: {
      vus: { type: 'gauge', contains: 'default', values: { value: 1, min: 0, max: 10 } },
      'req{b:2}': trend({ avg: 0, 'p(95)': 60000, count: 3 }),
      'req{a:1}': trend({ avg: 0.5, 'p(95)': 1.25, count: 12 }),
      req: { ...trend({ avg: 123.456, 'p(95)': 61000, count: 3 }),
        thresholds: { 'avg<1': { ok: false }, 'p(95)<1': { ok: true } } },
      checks: { ...checks, thresholds: { 'rate>0.5': { ok: true } } },
      data_sent: { type: 'counter', contains: 'data', values: { count: 123456789, rate: 1234.5 } },
    },
    options: { summaryTrendStats: ['avg', 'p(95)', 'count'], summaryTimeUnit: '' },
  };
  equal(textSummary(data, { enableColors: false }).split('\n'), [
    '   ✓ checks......: 75.00% ✓ 9      ✗ 3   ',
    '     data_sent...: 124 MB 1.2 kB/s',
    '   ✗ req.........: avg=123.45ms p(95)=1m1s   count=3 ',
    '       { a:1 }...: avg=500µs    p(95)=1.25ms count=12',
    '       { b:2 }...: avg=0s       p(95)=1m0s   count=3 ',
    '     vus.........: 1      min=0    max=10',
  ], 'all types');
  const names = { b: checks, B: checks, a: checks };
  const order = (summary) => summary.textSummary({ ...data, metrics: names },
    { enableColors: false }).replace(/[^abB]/g, '');
  equal([order(summary1), order(summary2)], ['Bab', 'abB'], 'the order of 0.0.1 and of later ones');
  const inMs = { enableColors: false, summaryTimeUnit: 'ms', summaryTrendStats: ['avg'] };
  equal(textSummary(data, inMs).split('\n')[2], '   ✗ req.........: avg=123.46ms',
    'a unit, some statistics');
  const plain = { ...data, metrics: { m: { ...trend({ avg: 1 }), contains: 'default' } } };
  throws(() => textSummary(plain), /^TypeError/, 'a statistic that the metric lacks');
}

function values() {
  const time = trend({});
  const shown = [0, 0.00001, 0.5, 1, 999.999, 1000, 59999, 60000, 61500, 3600000, 7322000.5]
    .map((ms) => humanizeValue(ms, time, ''));
  equal(shown, ['0s', '10ns', '500µs', '1ms', '999.99ms', '1s', '59.99s', '1m0s', '1m1s', '1h0m0s',
    '2h2m2s'], 'times');
  equal(['s', 'ms', 'us'].map((unit) => humanizeValue(1500.5, time, unit)),
    ['1.50s', '1500.50ms', '1500500.00µs'], 'units');
  const bytes = [5, 10, 1023, 999950, 1e6, 1e21]
    .map((count) => humanizeValue(count, { type: 'counter', contains: 'data' }));
  equal(bytes, ['5 B', '10 B', '1.0 kB', '1000 kB', '1.0 MB', '1.0 ZB'], 'bytes');
  equal(humanizeValue(0.99999, { type: 'rate', contains: 'default' }), '99.99%', 'a rate');
  equal(humanizeValue(1.23456789, { type: 'gauge', contains: 'default' }), '1.234568', 'a number');
}

function junit() {
  const data = {
    metrics: {
      req: { ...trend({ avg: 2, max: 3 }), thresholds: { 'avg<1': { ok: false } } },
      checks: { ...checks, thresholds: { 'rate>0.5': { ok: true } } },
      vus: { type: 'gauge', contains: 'default', values: {} },
    },
  };
  const xml = jUnit(data, { name: 'a & b', classname: 'c' });
  equal(xml.split('\n').map((line) => line.trim()), [
    '<?xml version="1.0"?>',
    '<testsuites tests="2" failures="1">',
    '<testsuite name="a &amp; b" tests="2" failures="1">',
    '<testcase name="req - avg&lt;1" classname="c"><failure message="trend threshold failed: ' +
      'avg value: 2, max value: 3" /></testcase>',
    '<testcase name="checks - rate&gt;0.5" classname="c" />',
    '</testsuite>',
    '</testsuites>',
  ], 'jUnit');
  equal(/<testsuite name="k6 thresholds" tests="2" failures="1">/.test(jUnit(data)), true, 'names');
}

export default function () {
  small();
  metrics();
  values();
  junit();
  finished('jslib_summary');
}

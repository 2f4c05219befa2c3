'use strict';
// htmlReport(data): a test's summary as one HTML page that needs nothing else, for handleSummary.
// The page is ours; what it shows, and the function's options, are those of benc-uk's k6-reporter.

const { humanizeValue } = require('jslib:k6-summary');
const { style } = require('lab:report_style');

const statOrder = ['avg', 'min', 'med', 'max'];
const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (c) => entities[c]);
}

// A value as the summary writes it; a dash if the summary has none.
function shown(value, metric, unit) {
  return typeof value === 'number' ? escaped(humanizeValue(value, metric, unit)) : '\u2013';
}

function table(head, rows) {
  if (rows.length === 0) return '';
  const cells = head.map((name, i) => '<th' + (i > 0 ? ' class="n"' : '') + '>' + escaped(name) +
    '</th>').join('');
  return '<div class="wide"><table><thead><tr>' + cells + '</tr></thead><tbody>' + rows.join('') +
    '</tbody></table></div>';
}

function row(name, isNested, cells) {
  return '<tr><td' + (isNested ? ' class="nest"' : '') + '>' + name + '</td>' +
    cells.map((cell) => '<td class="n">' + cell + '</td>').join('') + '</tr>';
}

function section(title, ...parts) {
  const content = parts.join('');
  if (content === '') return '';
  return '<section><h2>' + escaped(title) + '</h2>' + content + '</section>\n';
}

function pill(isGood, good, bad) {
  return isGood ? '<span class="pill good">' + good + '</span>'
    : '<span class="pill bad">' + bad + '</span>';
}

// Names of metrics, each followed by its sub-metrics.
function metricNames(metrics) {
  return Object.keys(metrics).sort((a, b) => {
    const [parentA, parentB] = [a.split('{', 1)[0], b.split('{', 1)[0]];
    if (parentA !== parentB) return parentA < parentB ? -1 : 1;
    return a < b ? -1 : Number(a > b);
  });
}

function metricName(name) {
  const brace = name.indexOf('{');
  return '<code>' + escaped(brace < 0 ? name : name.slice(brace)) + '</code>';
}

function thresholdRows(metrics) {
  return metricNames(metrics).flatMap((name) => Object.entries(metrics[name].thresholds || {})
    .map(([expression, threshold]) => row('<code>' + escaped(name + ': ' + expression) + '</code>',
      false, [pill(threshold.ok, 'passed', 'failed')])));
}

// The statistics that any trend has: the usual ones first, then percentiles by rank, then others.
function trendStats(trends) {
  const stats = new Set(trends.flatMap((metric) => Object.keys(metric.values || {})));
  const rank = (stat) => {
    const usual = statOrder.indexOf(stat);
    const percentile = /^p\(([\d.]+)\)$/.exec(stat);
    return usual >= 0 ? usual - 10 : percentile === null ? 1000 : Number(percentile[1]);
  };
  return Array.from(stats).sort((a, b) => rank(a) - rank(b));
}

function trendTable(metrics, names, unit) {
  const trends = names.filter((name) => metrics[name].type === 'trend');
  const stats = trendStats(trends.map((name) => metrics[name]));
  const cell = (metric, stat) => {
    const value = (metric.values || {})[stat];
    return stat === 'count' && typeof value === 'number' ? String(value)
      : shown(value, metric, unit);
  };
  return table(['Trend', ...stats], trends.map((name) => row(metricName(name), name.includes('{'),
    stats.map((stat) => cell(metrics[name], stat)))));
}

function countTable(metrics, names, unit) {
  return table(['Counter', 'count', 'per second'], names
    .filter((name) => metrics[name].type === 'counter').map((name) => {
      const values = metrics[name].values || {};
      return row(metricName(name), name.includes('{'), [shown(values.count, metrics[name], unit),
        shown(values.rate, metrics[name], unit)]);
    }));
}

function rateTable(metrics, names, unit) {
  return table(['Rate', 'share', 'true', 'false'], names
    .filter((name) => metrics[name].type === 'rate').map((name) => {
      const values = metrics[name].values || {};
      const count = (value) => (typeof value === 'number' ? String(value) : '\u2013');
      return row(metricName(name), name.includes('{'), [shown(values.rate, metrics[name], unit),
        count(values.passes), count(values.fails)]);
    }));
}

function gaugeTable(metrics, names, unit) {
  return table(['Gauge', 'last', 'min', 'max'], names
    .filter((name) => metrics[name].type === 'gauge').map((name) => {
      const values = metrics[name].values || {};
      return row(metricName(name), name.includes('{'),
        ['value', 'min', 'max'].map((key) => shown(values[key], metrics[name], unit)));
    }));
}

function passShare(check) {
  const all = check.passes + check.fails;
  return all > 0 ? check.passes / all : 1;
}

function checkTable(checks) {
  return table(['Check', 'passed', 'failed', 'share', ''], checks.map((check) => {
    // The share is cut off, so that it is 100 % only if none failed.
    const percent = Math.floor(passShare(check) * 1000) / 10;
    return row(escaped(check.name), false, [String(check.passes), String(check.fails),
      percent + ' %', '<span class="meter"><i style="width:' + percent + '%"></i></span>']);
  }));
}

function groupHtml(group, isRoot) {
  const inner = checkTable(group.checks || []) +
    (group.groups || []).map((child) => groupHtml(child, false)).join('');
  if (isRoot) return inner;
  return '<div class="group"><h3>' + escaped(group.name) + '</h3>' +
    (inner === '' ? '<p class="faint">no checks</p>' : inner) + '</div>';
}

// How many checks there are in a group and below, and how many of them failed at least once.
function checkCounts(group) {
  const checks = group.checks || [];
  return (group.groups || []).map(checkCounts).reduce((sum, counts) => (
    { all: sum.all + counts.all, failed: sum.failed + counts.failed }),
  { all: checks.length, failed: checks.filter((check) => check.fails > 0).length });
}

function thresholdCounts(metrics) {
  const all = Object.values(metrics).flatMap((metric) => Object.values(metric.thresholds || {}));
  return { all: all.length, failed: all.filter((threshold) => !threshold.ok).length };
}

function tile(label, value, isFailed = false) {
  return '<div class="tile' + (isFailed ? ' failed' : '') + '"><b>' + value + '</b><span>' +
    escaped(label) + '</span></div>';
}

function metricTile(label, metrics, [name, key], unit) {
  const metric = metrics[name];
  if (metric === undefined || metric.values === undefined) return '';
  const value = metric.values[key];
  // Two decimals do for an overview.
  const rounded = metric.type === 'rate' || typeof value !== 'number' ? value
    : Number(value.toFixed(2));
  return tile(label, shown(rounded, metric, unit));
}

function tiles(data, metrics, counts) {
  const unit = (data.options || {}).summaryTimeUnit;
  const duration = (data.state || {}).testRunDurationMs;
  const share = ({ all, failed }) => all - failed + ' / ' + all;
  return '<div class="tiles">' +
    tile('thresholds passed', share(counts.thresholds), counts.thresholds.failed > 0) +
    tile('checks without a failure', share(counts.checks), counts.checks.failed > 0) +
    metricTile('requests', metrics, ['http_reqs', 'count'], unit) +
    metricTile('requests per second', metrics, ['http_reqs', 'rate'], unit) +
    metricTile('failed requests', metrics, ['http_req_failed', 'rate'], unit) +
    metricTile('iterations', metrics, ['iterations', 'count'], unit) +
    metricTile('virtual users at most', metrics, ['vus_max', 'max'], unit) +
    metricTile('received', metrics, ['data_received', 'count'], unit) +
    metricTile('sent', metrics, ['data_sent', 'count'], unit) +
    (typeof duration === 'number'
      ? tile('duration', shown(duration, { type: 'trend', contains: 'time' })) : '') + '</div>\n';
}

// Thresholds decide, as they do for the run's exit code.
function verdict({ thresholds, checks }) {
  const isGood = thresholds.failed === 0 && checks.failed === 0;
  return pill(isGood, 'passed', thresholds.failed > 0 ? 'failed' : 'some checks failed');
}

function pageOf(data, options, title) {
  const metrics = data.metrics || {};
  const names = metricNames(metrics);
  const group = data.root_group || {};
  const unit = (data.options || {}).summaryTimeUnit;
  const counts = { thresholds: thresholdCounts(metrics), checks: checkCounts(group) };
  return '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>' +
    escaped(title) + '</title><style>' + style + '</style></head><body><main>\n<header><h1>' +
    escaped(title) + '</h1>' + verdict(counts) + '</header>\n' +
    tiles(data, metrics, counts) +
    section('Thresholds', table(['Metric and threshold', ''], thresholdRows(metrics))) +
    section('Metrics', trendTable(metrics, names, unit), countTable(metrics, names, unit),
      rateTable(metrics, names, unit), gaugeTable(metrics, names, unit)) +
    section('Checks and groups', groupHtml(group, true)) +
    (options.debug ? section('Data', '<pre><code>' + escaped(JSON.stringify(data, null, 2)) +
      '</code></pre>') : '') +
    '</main></body></html>\n';
}

// Options: title, debug (adds the data to the page) and theme, of which there is one.
function htmlReport(data, options = {}) {
  const title = options.title || 'K6 Test Report: ' + new Date().toISOString().slice(0, 16)
    .replace('T', ' ');
  console.log('[k6-reporter] Generating HTML summary report, with theme: ' +
    (options.theme || 'default'));
  return pageOf(data, options, title);
}

exports.htmlReport = htmlReport;

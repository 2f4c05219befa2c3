'use strict';
// k6-summary of k6's library site: the end-of-test summary as text, and thresholds as JUnit XML.

const styleCodes = { bold: 1, faint: 2, red: 31, green: 32, cyan: 36 };
const passedMark = '\u2713';
const failedMark = '\u2717';

function plain(text) {
  return text;
}

function coloured(text, ...styles) {
  return '\x1b[' + styles.map((style) => styleCodes[style]).join(';') + 'm' + text + '\x1b[0m';
}

// The columns a text takes: colours take none, nor do accents that combine with a letter.
function width(text) {
  let columns = 0;
  let inEscape = false;
  for (const c of text.normalize('NFKC')) {
    if (c === '\x1b') {
      inEscape = true;
    } else if (inEscape) {
      inEscape = c !== 'm';
    } else {
      columns++;
    }
  }
  return columns;
}

function padded(text, columns) {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

function withoutTrailingZeros(value, decimals) {
  return parseFloat(value.toFixed(decimals)).toString();
}

// Cut off rather than rounded.
function truncated(value, decimals) {
  const scale = 10 ** decimals;
  return withoutTrailingZeros(Math.trunc(scale * value) / scale, decimals);
}

function bytesText(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  if (bytes < 10) return bytes + ' B';
  const power = Math.floor(Math.log(bytes) / Math.log(1000));
  const value = Math.floor(bytes / 1000 ** power * 10 + 0.5) / 10;
  return value.toFixed(value < 10 ? 1 : 0) + ' ' + units[power];
}

function durationText(ms) {
  if (ms === 0) return '0s';
  if (ms < 0.001) return Math.trunc(ms * 1000000) + 'ns';
  if (ms < 1) return truncated(ms * 1000, 2) + '\u00b5s';
  if (ms < 1000) return truncated(ms, 2) + 'ms';
  const seconds = truncated((ms % 60000) / 1000, ms > 60000 ? 0 : 2) + 's';
  const minutes = Math.trunc(ms / 60000);
  if (minutes < 1) return seconds;
  const withMinutes = (minutes % 60) + 'm' + seconds;
  return minutes < 60 ? withMinutes : Math.trunc(minutes / 60) + 'h' + withMinutes;
}

function durationIn(unit, ms) {
  switch (unit) {
    case 's': return (ms * 0.001).toFixed(2) + 's';
    case 'ms': return ms.toFixed(2) + 'ms';
    case 'us': return (ms * 1000).toFixed(2) + '\u00b5s';
  }
  return durationText(ms);
}

function humanizeValue(value, metric, timeUnit) {
  if (metric.type === 'rate') return (Math.trunc(value * 100 * 100) / 100).toFixed(2) + '%';
  switch (metric.contains) {
    case 'data': return bytesText(value);
    case 'time': return durationIn(timeUnit, value);
  }
  return withoutTrailingZeros(value, 6);
}

function checkLine(indent, check, paint) {
  if (check.fails === 0) return paint(indent + passedMark + ' ' + check.name, 'green');
  const percent = Math.floor(100 * check.passes / (check.passes + check.fails));
  return paint(indent + failedMark + ' ' + check.name + '\n' + indent + ' \u21b3  ' + percent + '% \u2014 ' +
    passedMark + ' ' + check.passes + ' / ' + failedMark + ' ' + check.fails, 'red');
}

function groupLines(indent, group, paint) {
  const lines = [];
  if (group.name !== '') {
    lines.push(indent + '\u2588 ' + group.name + '\n');
    indent += '  ';
  }
  for (const check of group.checks) lines.push(checkLine(indent, check, paint));
  if (group.checks.length > 0) lines.push('');
  for (const child of group.groups) lines.push(...groupLines(indent, child, paint));
  return lines;
}

// Sub-metrics, such as "m{k:v}", stand two columns in, under their metric.
function displayName(name) {
  const brace = name.indexOf('{');
  return brace < 0 ? name : '  { ' + name.slice(brace + 1, -1) + ' }';
}

// The main value and what stands after it, of all types but trend.
function valueTexts(metric, timeUnit) {
  const { values } = metric;
  switch (metric.type) {
    case 'counter':
      return [humanizeValue(values.count, metric, timeUnit),
        humanizeValue(values.rate, metric, timeUnit) + '/s'];
    case 'gauge':
      return [humanizeValue(values.value, metric, timeUnit),
        'min=' + humanizeValue(values.min, metric, timeUnit),
        'max=' + humanizeValue(values.max, metric, timeUnit)];
    case 'rate':
      return [humanizeValue(values.rate, metric, timeUnit),
        passedMark + ' ' + values.passes, failedMark + ' ' + values.fails];
  }
  return ['[no data]'];
}

function trendTexts(metric, options) {
  return options.summaryTrendStats.map((stat) => (stat === 'count'
    ? metric.values[stat].toString()
    : humanizeValue(metric.values[stat], metric, options.summaryTimeUnit)));
}

function widths(rows) {
  const columns = [];
  for (const row of rows) {
    row.forEach((text, i) => { columns[i] = Math.max(columns[i] || 0, width(text)); });
  }
  return columns;
}

function trendData(texts, columns, options, paint) {
  return texts.map((text, i) => options.summaryTrendStats[i] + '=' + paint(text, 'cyan') +
    padded('', columns[i] - width(text))).join(' ');
}

// A single extra value is not padded, as nothing follows it in any row.
function plainData(texts, columns, paint) {
  const main = paint(texts[0], 'cyan') + ' '.repeat(columns[0] - width(texts[0]));
  if (texts.length === 1) return main;
  if (texts.length === 2) return main + ' ' + paint(texts[1], 'cyan', 'faint');
  return main + ' ' + texts.slice(1).map((text, i) => paint(text, 'cyan', 'faint') +
    ' '.repeat(columns[i + 1] - width(text))).join(' ');
}

function thresholdMark(metric, paint) {
  if (!metric.thresholds) return ' ';
  const ok = Object.values(metric.thresholds).every((threshold) => threshold.ok);
  return ok ? paint(passedMark, 'green') : paint(failedMark, 'red');
}

function byMetricThenSubmetric(a, b) {
  const parentA = a.split('{', 1)[0];
  const parentB = b.split('{', 1)[0];
  return parentA.localeCompare(parentB) ||
    a.slice(parentA.length).localeCompare(b.slice(parentB.length));
}

function metricLines(options, data, paint) {
  const names = Object.keys(data.metrics).sort(options.order);
  const texts = {};
  for (const name of names) {
    const metric = data.metrics[name];
    texts[name] = metric.type === 'trend' ? trendTexts(metric, options)
      : valueTexts(metric, options.summaryTimeUnit);
  }
  const isTrend = (name) => data.metrics[name].type === 'trend';
  const trendColumns = widths(names.filter(isTrend).map((name) => texts[name]));
  const plainColumns = widths(names.filter((name) => !isTrend(name)).map((name) => texts[name]));
  const nameColumns = Math.max(0, ...names.map((name) => width(displayName(name))));
  return names.map((name) => {
    const shown = displayName(name);
    const dots = paint('.'.repeat(nameColumns - width(shown) + 3) + ':', 'faint');
    const indent = shown.startsWith('  { ') ? '  ' : '';
    return options.indent + '  ' + indent + thresholdMark(data.metrics[name], paint) + ' ' +
      shown.slice(indent.length) + dots + ' ' +
      (isTrend(name) ? trendData(texts[name], trendColumns, options, paint)
        : plainData(texts[name], plainColumns, paint));
  });
}

function summaryText(data, options, order) {
  const merged = { indent: ' ', enableColors: true, summaryTimeUnit: null, summaryTrendStats: null,
    ...data.options, ...options, order };
  const paint = merged.enableColors ? coloured : plain;
  return groupLines(merged.indent + '    ', data.root_group, paint)
    .concat(metricLines(merged, data, paint)).join('\n');
}

function textSummary(data, options) {
  return summaryText(data, options, byMetricThenSubmetric);
}

// As 0.0.1 had it: capitals first, sub-metrics wherever their names fall.
function oldTextSummary(data, options) {
  return summaryText(data, options, undefined);
}

exports.humanizeValue = humanizeValue;
exports.textSummary = textSummary;

const xmlEntities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

function xmlEscaped(text) {
  return String(text).replace(/[&<>"']/g, (c) => xmlEntities[c]);
}

function failureMessage(metric) {
  return metric.type + ' threshold failed: ' + Object.keys(metric.values)
    .map((name) => name + ' value: ' + metric.values[name]).join(', ');
}

// A test suite in which each threshold is a test case.
function jUnit(data, options = {}) {
  const classname = xmlEscaped(options.classname || 'Unnamed folder');
  const cases = [];
  let failures = 0;
  for (const [name, metric] of Object.entries(data.metrics)) {
    for (const [expression, threshold] of Object.entries(metric.thresholds || {})) {
      const head = '<testcase name="' + xmlEscaped(name) + ' - ' + xmlEscaped(expression) +
        '" classname="' + classname + '"';
      if (!threshold.ok) failures++;
      cases.push(threshold.ok ? head + ' />' : head + '><failure message="' +
        xmlEscaped(failureMessage(metric)) + '" /></testcase>');
    }
  }
  const counts = ' tests="' + cases.length + '" failures="' + failures + '">\n';
  return '<?xml version="1.0"?>\n    <testsuites' + counts + '      <testsuite name="' +
    xmlEscaped(options.name || 'k6 thresholds') + '"' + counts + '        ' + cases.join('\n') +
    '\n      </testsuite>\n    </testsuites>';
}

exports.jUnit = jUnit;
Object.defineProperty(exports, 'forVersion', {
  value: (version) => (version === '0.0.1' ? { ...exports, textSummary: oldTextSummary } : exports),
});

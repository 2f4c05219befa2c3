'use strict';
// papaparse of k6's library site: separated values to rows and back. Only texts are read: there is
// no streaming, and no worker.

const { rowsOf } = require('lab:csv_rows');

const recordSeparator = '\x1e';
const unitSeparator = '\x1f';
const byteOrderMark = '\ufeff';
const badDelimiters = ['\r', '\n', '"', byteOrderMark];
const guesses = [',', '\t', '|', ';', recordSeparator, unitSeparator];
const numberPattern = /^\s*-?(\d+\.?|\.\d+|\d+\.\d+)(e[-+]?\d+)?\s*$/i;
const isoDatePattern =
  /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d(:[0-5]\d(\.\d+)?)?([+-][0-2]\d:[0-5]\d|Z)$/;

function guessedNewline(text, quote) {
  const escapedQuote = quote.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const plain = text.slice(0, 1024 * 1024)
    .replace(new RegExp(escapedQuote + '([^]*?)' + escapedQuote, 'gm'), '');
  const returns = plain.split('\r');
  const feeds = plain.split('\n');
  const isFeedFirst = feeds.length > 1 && feeds[0].length < returns[0].length;
  if (returns.length === 1 || isFeedFirst) return '\n';
  const pairs = returns.filter((part) => part[0] === '\n').length;
  return pairs >= returns.length / 2 ? '\r\n' : '\r';
}

function isEmptyRow(row, skip) {
  if (skip === 'greedy') return row.join('').trim() === '';
  return row.length === 1 && row[0].length === 0;
}

// How many fields the first rows have with a delimiter, and how much that varies.
function fieldCounts(text, format, delimiter, skip) {
  const { rows } = rowsOf(text, { ...format, delimiter, quote: '"', escape: '"', preview: 10 });
  const counted = skip ? rows.filter((row) => !isEmptyRow(row, skip)) : rows;
  let variation = 0;
  for (let i = 1; i < counted.length; i++) {
    variation += Math.abs(counted[i].length - counted[i - 1].length);
  }
  const fields = counted.reduce((sum, row) => sum + row.length, 0);
  return { average: counted.length > 0 ? fields / counted.length : 0, variation };
}

// The delimiter with which rows are most alike, then longest; null if none divides them.
function guessedDelimiter(text, format, config) {
  let best = null;
  let bestCounts = { average: 1.99, variation: Infinity };
  for (const delimiter of config.delimitersToGuess || guesses) {
    const counts = fieldCounts(text, format, delimiter, config.skipEmptyLines);
    if (counts.variation <= bestCounts.variation && counts.average > bestCounts.average) {
      best = delimiter;
      bestCounts = counts;
    }
  }
  return best;
}

function chosenDelimiter(text, format, config, errors) {
  const given = typeof config.delimiter === 'function' ? config.delimiter(text) : config.delimiter;
  if (typeof given === 'string' && given !== '' && !badDelimiters.includes(given)) return given;
  const guessed = guessedDelimiter(text, format, config);
  if (guessed !== null) return guessed;
  errors.push({ type: 'Delimiter', code: 'UndetectableDelimiter',
    message: 'Unable to auto-detect delimiting character; defaulted to \',\'' });
  return ',';
}

function typed(value) {
  if (value === 'true' || value === 'TRUE') return true;
  if (value === 'false' || value === 'FALSE') return false;
  if (numberPattern.test(value)) {
    // Beyond 2^53 a number would not be what the text says.
    const number = parseFloat(value);
    return Math.abs(number) < 2 ** 53 ? number : value;
  }
  if (isoDatePattern.test(value)) return new Date(value);
  return value === '' ? null : value;
}

function isTyped(dynamicTyping, field) {
  if (typeof dynamicTyping === 'function') return Boolean(dynamicTyping(field));
  if (dynamicTyping !== null && typeof dynamicTyping === 'object') {
    return (field in dynamicTyping ? dynamicTyping[field] : dynamicTyping.__default) || false;
  }
  return Boolean(dynamicTyping);
}

function fieldValue(value, field, config) {
  const transformed = config.transform ? config.transform(value, field) : value;
  return isTyped(config.dynamicTyping, field) ? typed(transformed) : transformed;
}

// An object by the header's names; what has no name goes to __parsed_extra.
function objectOf(row, fields, config) {
  const object = {};
  row.forEach((value, i) => {
    const field = i < fields.length ? fields[i] : '__parsed_extra';
    const content = fieldValue(value, field, config);
    if (i < fields.length) {
      object[field] = content;
    } else {
      (object.__parsed_extra = object.__parsed_extra || []).push(content);
    }
  });
  return object;
}

function mismatch(row, fields, index) {
  if (row.length === fields.length) return [];
  const code = row.length > fields.length ? 'TooManyFields' : 'TooFewFields';
  const words = row.length > fields.length ? 'Too many' : 'Too few';
  return [{ type: 'FieldMismatch', code, message: words + ' fields: expected ' + fields.length +
    ' fields but parsed ' + row.length, row: index }];
}

function headerOf(row, config) {
  return row.map((name, i) => (config.transformHeader ? config.transformHeader(name, i) : name));
}

// Data and errors of the rows, as the configuration wants them.
function processed(rows, config, meta) {
  const kept = config.skipEmptyLines ? rows.filter((row) => !isEmptyRow(row, config.skipEmptyLines))
    : rows;
  if (!config.header) {
    return { data: kept.map((row) => row.map((value, i) => fieldValue(value, i, config))),
      errors: [] };
  }
  meta.fields = kept.length > 0 ? headerOf(kept[0], config) : [];
  const body = kept.slice(1);
  return { data: body.map((row) => objectOf(row, meta.fields, config)),
    errors: body.flatMap((row, i) => mismatch(row, meta.fields, i)) };
}

function formatOf(text, config) {
  const { quoteChar } = config;
  const quote = quoteChar === undefined || quoteChar === null ? '"' : quoteChar;
  const newlines = ['\n', '\r', '\r\n'];
  return { quote, escape: config.escapeChar === undefined ? quote : config.escapeChar,
    newline: newlines.includes(config.newline) ? config.newline : guessedNewline(text, quote),
    comments: config.comments === true ? '#' : config.comments || false };
}

// Hands each row to config.step; data are not kept then.
function stepped(results, config) {
  let aborted = false;
  const parser = { abort() { aborted = true; }, pause() {}, resume() {} };
  for (const row of results.data) {
    config.step({ data: row, errors: [], meta: results.meta }, parser);
    if (aborted) break;
  }
  return { data: [], errors: results.errors, meta: { ...results.meta, aborted } };
}

function parse(input, config = {}) {
  if (typeof input !== 'string') {
    throw new TypeError('Papa.parse reads a string here; got ' + typeof input);
  }
  const errors = [];
  const format = formatOf(input, config);
  const delimiter = chosenDelimiter(input, format, config, errors);
  const preview = Number(config.preview) || 0;
  const parsed = rowsOf(input, { ...format, delimiter,
    preview: preview > 0 && config.header ? preview + 1 : preview });
  const meta = { delimiter, linebreak: format.newline, aborted: false, truncated: parsed.truncated,
    cursor: parsed.cursor };
  const { data, errors: mismatches } = processed(parsed.rows, config, meta);
  let results = { data, errors: [...parsed.errors, ...errors, ...mismatches], meta };
  if (typeof config.step === 'function') results = stepped(results, config);
  if (typeof config.complete === 'function') config.complete(results);
  return results;
}

exports.parse = parse;
exports.RECORD_SEP = recordSeparator;
exports.UNIT_SEP = unitSeparator;
exports.BYTE_ORDER_MARK = byteOrderMark;
exports.BAD_DELIMITERS = badDelimiters;
exports.WORKERS_SUPPORTED = false;
exports.DefaultDelimiter = ',';

function quoteRules(config) {
  const quote = config.quoteChar === undefined ? '"' : config.quoteChar;
  const delimiter = typeof config.delimiter === 'string' &&
    !badDelimiters.some((bad) => config.delimiter.includes(bad)) ? config.delimiter : ',';
  return { quote, delimiter, always: config.quotes,
    newline: typeof config.newline === 'string' ? config.newline : '\r\n',
    escapedQuote: (config.escapeChar === undefined ? quote : config.escapeChar) + quote };
}

function isAlwaysQuoted(always, value, column) {
  if (typeof always === 'function') return Boolean(always(value, column));
  return Array.isArray(always) ? Boolean(always[column]) : always === true;
}

function unparsedField(value, column, rules) {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return JSON.stringify(value).slice(1, 25);
  const text = String(value).split(rules.quote).join(rules.escapedQuote);
  const needsQuotes = isAlwaysQuoted(rules.always, value, column) ||
    badDelimiters.some((bad) => text.includes(bad)) ||
    text.includes(rules.quote) || text.includes(rules.delimiter) ||
    text.startsWith(' ') || text.endsWith(' ');
  return needsQuotes ? rules.quote + text + rules.quote : text;
}

function unparsedRow(values, rules) {
  return values.map((value, column) => unparsedField(value, column, rules)).join(rules.delimiter);
}

const unrecognizedInput = 'Unable to serialize unrecognized input';

function isRow(row) {
  return row !== null && typeof row === 'object';
}

// The header (or null) and rows that an array or {fields, data} means.
function tableOf(input, config) {
  if (Array.isArray(input)) {
    const isObjects = isRow(input[0]) && !Array.isArray(input[0]);
    if (input.length > 0 && !isRow(input[0])) throw new Error(unrecognizedInput);
    if (!isObjects) return { fields: null, rows: input };
    return { fields: Array.isArray(config.columns) ? config.columns : Object.keys(input[0]),
      rows: input };
  }
  if (!isRow(input)) throw new Error(unrecognizedInput);
  const rows = typeof input.data === 'string' ? JSON.parse(input.data) : input.data;
  if (!Array.isArray(rows)) return { fields: input.fields || null, rows: [] };
  const first = rows[0];
  let fields = input.fields || (input.meta && input.meta.fields) || null;
  if (fields === null && isRow(first) && !Array.isArray(first)) fields = Object.keys(first);
  return { fields, rows: Array.isArray(first) || isRow(first) ? rows : [rows] };
}

function rowValues(row, fields) {
  if (Array.isArray(row) || fields === null) return row;
  return fields.map((field) => row[field]);
}

function isSkipped(values, skip) {
  if (!skip) return false;
  const texts = values.map((value) => (value === null || value === undefined ? '' : String(value)));
  return texts.length === 0 || isEmptyRow(texts, skip);
}

// Arrays of arrays or of objects, {fields, data}, or JSON of such, as separated values.
function unparse(input, config = {}) {
  const rules = quoteRules(config);
  const { fields, rows } = tableOf(typeof input === 'string' ? JSON.parse(input) : input, config);
  const lines = rows.map((row) => rowValues(row, fields))
    .filter((values) => !isSkipped(values, config.skipEmptyLines))
    .map((values) => unparsedRow(values, rules));
  if (fields !== null && fields.length > 0 && config.header !== false) {
    lines.unshift(unparsedRow(fields, rules));
  }
  return lines.join(rules.newline);
}

exports.unparse = unparse;

'use strict';
// Go's durations as text: "1h2m3.5s", and k6's wider form with days and bare milliseconds.

const kUnits = { ns: 1e-6, us: 1e-3, '\u00b5s': 1e-3, '\u03bcs': 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5 };
const kPart = /^([0-9]*)(?:(\.)([0-9]*))?([^0-9.]*)/;

/// time.ParseDuration. Returns milliseconds; a text that is no duration is thrown as Go's error
/// text, a string.
function parseDuration(text) {
  const shown = JSON.stringify(text);
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  if (rest === '') throw `time: invalid duration ${shown}`;
  let sum = 0;
  while (rest !== '') {
    const [part, whole, , fraction, unit] = kPart.exec(rest);
    if (whole === '' && (fraction === undefined || fraction === '')) {
      throw `time: invalid duration ${shown}`;
    }
    if (unit === '') throw `time: missing unit in duration ${shown}`;
    const size = Object.prototype.hasOwnProperty.call(kUnits, unit) ? kUnits[unit] : undefined;
    if (size === undefined) {
      throw `time: unknown unit ${JSON.stringify(unit)} in duration ${shown}`;
    }
    sum += Number((whole || '0') + '.' + (fraction || '0')) * size;
    rest = rest.slice(part.length);
  }
  return text[0] === '-' ? -sum : sum;
}

/// types.ParseExtendedDuration: also "5000" (milliseconds) and "1d12h".
function parseExtendedDuration(text) {
  if (/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text)) return Number(text);
  const at = text.indexOf('d');
  if (at === -1) return parseDuration(text);
  const hours = at + 1 < text.length ? parseDuration(text.slice(at + 1)) : 0;
  if (hours < 0) throw `invalid time format '${text.slice(at + 1)}'`;
  const days = text.slice(0, at);
  if (!/^[+-]?[0-9]+$/.test(days)) {
    throw `strconv.ParseInt: parsing ${JSON.stringify(days)}: invalid syntax`;
  }
  return Number(days) * 864e5 + (Number(days) < 0 ? -hours : hours);
}

/// time.Duration.String() of so many milliseconds: "1h0m3.5s", "100ms", "0s".
function formatDuration(ms) {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  const digits = (number) => String(Number(number.toFixed(9)));
  if (size === 0) return '0s';
  if (size < 1e-3) return `${sign}${digits(size * 1e6)}ns`;
  if (size < 1) return `${sign}${digits(size * 1e3)}\u00b5s`;
  if (size < 1e3) return `${sign}${digits(size)}ms`;
  const hours = Math.floor(size / 36e5);
  const minutes = Math.floor((size % 36e5) / 6e4);
  const seconds = digits((size % 6e4) / 1e3) + 's';
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : sign + seconds;
}

exports.formatDuration = formatDuration;
exports.parseDuration = parseDuration;
exports.parseExtendedDuration = parseExtendedDuration;

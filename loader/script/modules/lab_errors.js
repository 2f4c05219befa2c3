'use strict';
// Errors of k6's API, and how thrown values are written in the log.
//
// For the host, in native.registry:
//   makeGoError(text) -> an error to throw.
//   formatError(value) -> String(value) and a line break, then the frames, a line each, of an Error.
//   formatRejection(value) -> the text of an unhandled rejection.

function define(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, configurable: true });
}

// A Go error that reached the script as a plain value: not an Error, but it has error(), and prints
// as its text.
class ErrorValue {
  #text;
  constructor(text) {
    this.#text = text;
  }
  error() {
    return this.#text;
  }
  toString() {
    return this.#text;
  }
}

// What k6 calls an error that its Go code returned; `value` is that one.
class GoError extends Error {
  constructor(text) {
    super(text);
    this.value = new ErrorValue(text);
  }
}
define(GoError.prototype, 'name', 'GoError');

const initPhase = 0;

function refuseInInit(what) {
  if (native.phase === initPhase) {
    throw new GoError(`${what} in the init context is not supported`);
  }
}

// Built-in modules are named by their specifiers; their frames are no business of the script's
// author.
const builtInScript = /^(?:lab:|k6(?:\/|$))/;

// k6 has no name for code of eval() and for functions without one: for these V8 has a guess, such
// as "options.callback". An accessor has its property's name.
function shownName(site) {
  const name = site.getFunctionName();
  if (name === null || name.includes('.') || site.isEval()) return '';
  return name.replace(/^[gs]et /, '');
}

// "inner (file:///x.js:1:52(3))", or '' for what k6 does not show. The last number stands where k6
// has an offset into its byte code: here it is one into the source.
function frameText(site) {
  const script = site.getScriptNameOrSourceURL();
  if (site.isAsync() || (script && builtInScript.test(script))) return '';
  const name = shownName(site);
  const line = site.getLineNumber();
  if (line === null) return name ? `${name} (native)` : '';
  const place = `${script || '<eval>'}:${line}:${site.getColumnNumber()}(${site.getPosition()})`;
  return name ? `${name} (${place})` : place;
}

// The first line of k6's trace: what Error.prototype.toString says, also of an error whose class
// has its own toString.
function headline(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function formatStack(error, sites) {
  let text = headline(error) + '\n';
  for (const site of sites) {
    const frame = frameText(site);
    if (frame) text += `\tat ${frame}\n`;
  }
  return text;
}

// A script that recurses without end would fill the log with every frame that V8 remembers.
const stackFramesMax = 100;

function install() {
  Error.stackTraceLimit = stackFramesMax;
  define(Error, 'prepareStackTrace', formatStack);
  delete Error.captureStackTrace;
  define(globalThis, 'GoError', GoError);
}

function textOf(value) {
  try {
    return typeof value === 'symbol' ? value.description || '' : String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function framesOfStack(stack) {
  const begin = stack.indexOf('\n\tat ');
  return begin < 0 ? '' : stack.slice(begin + 1);
}

function stackOf(value) {
  try {
    return value instanceof Error ? String(value.stack) : '';
  } catch {
    return '';
  }
}

function formatError(value) {
  return textOf(value) + '\n' + framesOfStack(stackOf(value));
}

function formatRejection(value) {
  let shown = value;
  if (value !== null && value !== undefined && value.stack !== undefined) shown = value.stack;
  return 'Uncaught (in promise) ' + textOf(shown);
}

// " at default (file:///x.js:3:9(12))": the innermost frame of the script, for messages that end
// with it.
function here() {
  const frames = framesOfStack(new Error().stack);
  return frames === '' ? '' : ' ' + frames.slice(1, frames.indexOf('\n'));
}

function makeGoError(text) {
  return new GoError(text);
}

exports.GoError = GoError;
exports.ErrorValue = ErrorValue;
exports.refuseInInit = refuseInInit;
exports.here = here;
native.registry.makeGoError = makeGoError;
native.registry.formatError = formatError;
native.registry.formatRejection = formatRejection;
install();

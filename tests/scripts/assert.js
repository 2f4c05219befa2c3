// Assertions for conformance scripts. They run under this loader and under k6 itself: what a script says is what k6 does.
import exec from 'k6/execution';

// Where k6 v1 differs from v2.2, which we follow, a script asks for this first. TextEncoder came with v2.2.
export const isLoader = typeof TextEncoder !== 'undefined';

let count = 0;

// Like JSON with sorted keys, for all values.
function show(value) {
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value) : String(value);
  if (value instanceof ArrayBuffer) return `ArrayBuffer${show(Array.from(new Uint8Array(value)))}`;
  if (Array.isArray(value)) return `[${value.map(show).join(',')}]`;
  const keys = Object.keys(value).filter((key) => typeof value[key] !== 'function').sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${show(value[key])}`).join(',')}}`;
}

export function equal(actual, expected, label) {
  count += 1;
  if (show(actual) !== show(expected)) {
    exec.test.abort(`${label}: got ${show(actual)}, expected ${show(expected)}`);
  }
}

// `text`: the whole of what String() makes of the error, or something with a method test, as a RegExp is.
export function throws(call, text, label) {
  let thrown;
  try {
    call();
  } catch (error) {
    thrown = String(error);
  }
  if (typeof text === 'string' ? thrown === text : text.test(thrown)) count += 1;
  else exec.test.abort(`${label}: threw ${thrown}, expected ${text}`);
}

// `text` is that of what the promise is rejected with.
export async function rejects(promise, text, label) {
  let thrown = 'nothing';
  try {
    await promise;
  } catch (error) {
    thrown = String(error);
  }
  equal(thrown, text, label);
}

// The last line of a script: one that never ran is seen.
export function finished(name) {
  console.log(`finished ${name}: ${count} assertions`);
}

'use strict';
// expect 0.0.5 of k6's library site: describe(name, t => t.expect(value).as(name).toEqual(other)).
// Each expectation is a check; the first that fails ends the describe.

const { check, group } = require('k6');

class BrokenChainError extends Error {
  constructor(message) {
    super(message);
    Object.defineProperty(this, 'name', { value: 'BrokenChainError', configurable: true });
  }
}

function recorded(name, passed, tags) {
  check(null, { [name]: passed }, tags);
  if (!passed) throw new BrokenChainError(name);
}

class Expectation {
  constructor(value) {
    this.value = value;
    this.name = null;
  }

  as(name) {
    this.name = name;
    return this;
  }

  // The next value of the same chain.
  and(value) { return new Expectation(value); }

  #record(words, passed) {
    recorded((this.name || this.value) + ' is ' + words, passed, { value: String(this.value) });
    return this;
  }

  toEqual(expected) {
    const passed = this.value === expected;
    const name = this.name === null ? this.value + ' is ' + expected
      : this.name + ' is ' + this.value + '.' + (passed ? '' : ' Expected \'' + expected + '\'');
    recorded(name, passed, { value: String(expected) });
    return this;
  }

  toBeGreaterThan(limit) { return this.#record('greater than ' + limit, this.value > limit); }
  toBeLessThan(limit) { return this.#record('less than ' + limit, this.value < limit); }
  toBeTruthy() { return this.#record('truthy.', Boolean(this.value)); }

  toBeGreaterThanOrEqual(limit) {
    return this.#record('greater or equal to ' + limit, this.value >= limit);
  }

  toBeLessThanOrEqual(limit) {
    return this.#record('less or equal to ' + limit, this.value <= limit);
  }

  toBeBetween(low, high) {
    return this.#record('between ' + low + ' - ' + high, this.value >= low && this.value <= high);
  }

  // For a response of k6/http.
  toHaveValidJson() {
    let passed = true;
    try {
      this.value.json();
    } catch (error) {
      passed = false;
    }
    recorded(((this.value || {}).request || {}).url + ' has valid json response', passed);
    return this;
  }

  toMatchAPISchema() {
    throw new Error('toMatchAPISchema is not built in: loader has no JSON schema validator');
  }
}

// Runs a test in a group; says whether all of it went well. Exceptions do not get out.
function describe(name, test) {
  let passed = true;
  group(name, () => {
    try {
      test({ expect: (value) => new Expectation(value) });
    } catch (error) {
      passed = false;
      if (error instanceof BrokenChainError) return;
      console.error('Exception raised in test "' + name + '". Failing the test and continuing. \n' +
        error);
      check(null, { ['Exception raised "' + error + '"']: false });
    }
  });
  return passed;
}

exports.describe = describe;

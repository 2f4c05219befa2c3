'use strict';
// What keeps a request from being sent: thrown while it is being prepared, and never seen by a
// script as such. With the option `throw` it becomes a GoError, else a Response with its text.

class Problem {
  constructor(text, code) {
    this.text = text;
    this.code = code;  // k6's error_code; 0 if it has none.
  }
}

exports.Problem = Problem;

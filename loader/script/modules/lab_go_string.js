'use strict';
// What a Go function gets for a string argument: the zero value for null and undefined.

exports.goString = (value) => (value === null || value === undefined ? '' : String(value));

'use strict';
// The module "k6/timers": the globals again.

require('lab:globals');

exports.setTimeout = globalThis.setTimeout;
exports.clearTimeout = globalThis.clearTimeout;
exports.setInterval = globalThis.setInterval;
exports.clearInterval = globalThis.clearInterval;

'use strict';

var http = require('k6/http');
var k6 = require('k6');
var metrics = require('k6/metrics');
var helper = require('./commonjs_helper.js');

var errors = new metrics.Rate('errors');

module.exports.options = {
  vus: 2,
  iterations: 6,
  thresholds: {
    errors: [{ threshold: 'rate<0.1', abortOnFail: false }],
  },
};

module.exports.setup = function () {
  return { startedAt: new Date().toISOString(), headers: helper.headers(__ENV.API_KEY) };
};

module.exports.default = function (data) {
  var res = http.post(helper.url('/v1/chat/completions'), helper.body('What is 7 times 8?'), { headers: data.headers });
  var passed = k6.check(res, {
    'status is 200': function (r) { return r.status === 200; },
    'content type is JSON': function (r) { return r.headers['Content-Type'].indexOf('application/json') === 0; },
  });
  errors.add(!passed);
  k6.sleep(0.1);
};

module.exports.teardown = function (data) {
  console.log('started at ' + typeof data.startedAt);
};

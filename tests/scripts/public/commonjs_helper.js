'use strict';

var base = __ENV.BASE_URL || 'http://localhost:8080';

exports.url = function (path) {
  return base + path;
};

exports.headers = function (key) {
  return { 'Content-Type': 'application/json', Authorization: 'Bearer ' + (key || 'test-api-key') };
};

exports.body = function (prompt) {
  return JSON.stringify({ model: 'gpt-3.5-turbo', messages: [{ role: 'user', content: prompt }], max_tokens: 10 });
};

'use strict';
// What Go's http.Client says of a request that got no response: k6 logs and throws that, while
// `error` of the response has k6's own shorter text.

function target(url) {
  const match = /^(https?):\/\/([^/?#]*)/i.exec(url);
  if (match === null) return '';
  const authority = match[2].slice(match[2].lastIndexOf('@') + 1);
  if (/:\d+$/.test(authority)) return authority;
  return authority + (match[1].toLowerCase() === 'https' ? ':443' : ':80');
}

function cause(raw, url) {
  const error = raw[8];
  switch (raw[9]) {
    case 1101: return `lookup ${target(url).replace(/:\d+$/, '')}: no such host`;
    case 1211: return error;
    case 1212: return `dial tcp ${target(url)}: connect: connection refused`;
    default: return error;
  }
}

/// `Get "http://h/": dial tcp 127.0.0.1:1: connect: connection refused`.
function failureText(request, raw) {
  // The head had come: its body's error stands alone.
  if (raw[21] > 0) return raw[8];
  const { method } = request;
  const url = raw[3] === '' ? request.url : raw[3];
  const verb = method === '' ? 'Get' : method[0] + method.slice(1).toLowerCase();
  return `${verb} ${JSON.stringify(url)}: ${cause(raw, url)}`;
}

exports.failureText = failureText;

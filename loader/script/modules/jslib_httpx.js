'use strict';
// httpx of k6's library site: a session that adds a base URL, headers, tags and other parameters to
// each request of k6/http, and keeps the last response.

const http = require('k6/http');

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

// Parameters of which the later win; headers and tags are merged name by name.
function mergedParams(base, own) {
  if (own === undefined || own === null) own = {};
  const headers = { ...base.headers, ...own.headers };
  return { ...base, ...own, headers, tags: { ...base.tags, ...own.tags } };
}

// What is no error to errorMetric, unless a session or a request says otherwise.
function isSuccess({ status }) {
  return status >= 200 && status <= 399;
}

function checkedMethod(method) {
  if (methods.includes(method)) return method;
  throw new Error('Invalid method: ' + method + '. Expected one of ' + methods.join(','));
}

// (url, params) as the library has it, with the body among the parameters, or (url, body, params).
function bodyAndParams(rest) {
  const [given, params] = rest.length < 2 ? [null, rest[0]] : rest;
  const { body = null, ...own } = params === undefined || params === null ? {} : params;
  return [given === undefined || given === null ? body : given, own];
}

class Request {
  constructor(method, url, ...rest) {
    this.method = checkedMethod(method);
    this.url = url;
    [this.body, this.params] = bodyAndParams(rest);
  }

  addHeader(name, value) {
    this.params.headers = { ...this.params.headers, [name]: value };
    return this;
  }

  addTag(name, value) {
    this.params.tags = { ...this.params.tags, [name]: value };
    return this;
  }
}

// A class of requests of one method, for batch().
function requestClass(method) {
  return class extends Request {
    constructor(url, ...rest) { super(method, url, ...rest); }
  };
}

class Httpx {
  constructor(options = {}) {
    const { baseURL = '', errorMetric = null, errorMetricCondition = isSuccess,
      ...params } = options;
    this.baseURL = baseURL;
    this.errorMetric = errorMetric;
    this.errorMetricCondition = errorMetricCondition;
    this.lastRequest = { responseObject: null, responseChainDuration: null };
    this.k6params = mergedParams({}, params);
  }

  get lastRequestChainDuration() { return this.lastRequest.responseChainDuration; }

  setBaseUrl(url) { this.baseURL = url; }
  addHeader(name, value) { this.k6params.headers[name] = value; }
  addHeaders(headers) { Object.assign(this.k6params.headers, headers); }
  clearHeader(name) { delete this.k6params.headers[name]; }
  addTag(name, value) { this.k6params.tags[name] = value; }
  addTags(tags) { Object.assign(this.k6params.tags, tags); }
  clearTag(name) { delete this.k6params.tags[name]; }

  // An absolute URL, or an object of http.url, stays as it is.
  urlOf(url) {
    return typeof url !== 'string' || /^https?:\/\//i.test(url) ? url : this.baseURL + url;
  }

  // Makes a request and keeps what came of it.
  kept(send) {
    const start = Date.now();
    const responseObject = send();
    Object.assign(this.lastRequest,
      { responseObject, responseChainDuration: Date.now() - start });
    return responseObject;
  }

  request(method, url, body, params) {
    const merged = mergedParams(this.k6params, params);
    const response = this.kept(() =>
      http.request(checkedMethod(method), this.urlOf(url), body, merged));
    const isExpected = merged.expect || this.errorMetricCondition;
    if (this.errorMetric) this.errorMetric.add(!isExpected(response));
    return response;
  }

  // A request such as new Get('/a').
  execute(request) {
    return this.request(request.method, request.url, request.body, request.params);
  }

  async asyncRequest(method, url, body, params) {
    return http.asyncRequest(checkedMethod(method), this.urlOf(url), body,
      mergedParams(this.k6params, params));
  }

  // An array of requests, such as new Get('/a'), with parameters for all of them.
  batch(requests, params) {
    const common = mergedParams(this.k6params, params);
    return this.kept(() => http.batch(requests.map((request) => {
      const [method, url, body, own] = Array.isArray(request) ? request
        : [request.method, request.url, request.body, request.params];
      return [checkedMethod(method), this.urlOf(url), body === undefined ? null : body,
        mergedParams(common, own)];
    })));
  }
}

exports.Httpx = Httpx;
exports.Request = Request;
for (const method of methods) {
  const name = method[0] + method.slice(1).toLowerCase();
  Httpx.prototype[method.toLowerCase()] = function (url, body, params) {
    return this.request(method, url, body, params);
  };
  Httpx.prototype['async' + name] = function (url, body, params) {
    return this.asyncRequest(method, url, body, params);
  };
  exports[name] = requestClass(method);
}

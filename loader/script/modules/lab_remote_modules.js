'use strict';
// Which module of ours stands in for a library that scripts import by its https:// address. The
// host asks for every such import before it would fetch anything, so that a run needs no network.

const libraries = ['k6-utils', 'k6-summary', 'papaparse', 'url', 'formdata', 'httpx', 'k6chaijs',
  'expect'];
const jslibAddress = /^https:\/\/jslib\.k6\.io\/([\w-]+)\/(\d[\w.-]*)\/index(?:\.min)?\.js$/;
// The reporter has no home but its repository and the mirrors of that.
const reporterAddress = new RegExp('^https://(?:raw\\.githubusercontent\\.com/|github\\.com/|' +
  'cdn\\.jsdelivr\\.net/gh/)benc-uk/k6-reporter(?:/raw)?[/@](?:refs/(?:heads|tags)/)?' +
  '([\\w.-]+)/(?:dist/)?bundle\\.js$');

// {module, version} of what stands in for a URL; null if nothing does.
function builtinFor(url) {
  const address = String(url).replace(/[?#].*$/, '');
  const library = jslibAddress.exec(address);
  if (library !== null && libraries.includes(library[1])) {
    return { module: 'jslib:' + library[1], version: library[2] };
  }
  const reporter = reporterAddress.exec(address);
  return reporter === null ? null : { module: 'jslib:k6-reporter', version: reporter[1] };
}

native.registry.builtinFor = builtinFor;
exports.builtinFor = builtinFor;

'use strict';
// Loads all built-in modules, once, before the snapshot is taken. `require` of this function is an object: the modules'
// functions by specifier. What C++ looks for later is in native.registry.
const modules = require;
const loaded = {};
native.phase = 0;
native.vu = 0;
native.options = null;
native.hooks = { iterationStart: [], iterationEnd: [] };
native.registry = { modules: loaded };

function load(specifier) {
  if (loaded[specifier] !== undefined) return loaded[specifier];
  const body = modules[specifier];
  if (body === undefined) throw new Error(`no built-in module ${specifier}`);
  const its = {};
  loaded[specifier] = its;
  body(native, load, its);
  return its;
}

native.registry.load = load;

// The libraries of jslib come when a script imports them: each virtual user's heap is made of what is here.
for (const specifier of Object.keys(modules)) {
  if (!specifier.startsWith('jslib:')) load(specifier);
}

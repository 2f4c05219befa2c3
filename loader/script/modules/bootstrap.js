'use strict';
// Loads what most scripts need of the built-in modules, once, before the snapshot is taken. `require` of this function is
// an object: functions of modules by specifier; those of others are compiled when they are asked for. What C++ looks for
// later is in native.registry.
const modules = require;
const loaded = {};
native.phase = 0;
native.vu = 0;
native.options = null;
native.hooks = { iterationStart: [], iterationEnd: [] };
native.registry = { modules: loaded };

function load(specifier) {
  if (loaded[specifier] !== undefined) return loaded[specifier];
  const body = modules[specifier] || native.compileModule(specifier);
  if (body === undefined) throw new Error(`no built-in module ${specifier}`);
  const its = {};
  loaded[specifier] = its;
  body(native, load, its);
  return its;
}

native.registry.load = load;

// What nearly every script needs, with all that it requires. The rest comes when it is first asked for: each virtual
// user's heap is made of what is here, and each context takes the time to make it.
for (const specifier of ['lab:host', 'lab:globals', 'k6', 'k6/http', 'k6/metrics']) load(specifier);

/// A global that few scripts look at, made when one does.
function installLater(name, specifier) {
  const become = (value) => {
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true });
    return value;
  };
  Object.defineProperty(globalThis, name, {
    get: () => become(load(specifier)[name]), set: become, enumerable: true, configurable: true,
  });
}
installLater('crypto', 'lab:webcrypto');
installLater('TextDecoder', 'lab:text');
installLater('TextEncoder', 'lab:text');

/// A function of native.registry whose module comes with its first call.
function registerLater(name, specifier) {
  native.registry[name] = function (...parameters) {
    load(specifier);
    return native.registry[name](...parameters);
  };
}
registerLater('goJson', 'lab:gojson');
registerLater('builtinFor', 'lab:remote_modules');
registerLater('setupData', 'lab:setup_data');
native.registry.rehearsed = load('lab:rehearsal').rehearse();

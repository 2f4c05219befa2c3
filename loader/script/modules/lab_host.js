'use strict';
// What the host asks of the built-in modules, and the globals that are its own: __ENV, open() and require().

const { GoError } = require('lab:errors');

function installGlobal(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true });
}

/// Called by the host where running JavaScript has to notice that it is being ended.
native.registry.noop = function noop() {};

const { iterationStart, iterationEnd } = native.hooks;

/// One call of an exported function, all that belongs to it included: the host pays for each step of its own.
native.registry.begin = function begin(exported, argument, iteration) {
  if (iteration >= 0) globalThis.__ITER = iteration;
  for (let i = 0; i < iterationStart.length; ++i) iterationStart[i]();
  return exported(argument);
};

native.registry.end = function end() {
  for (let i = 0; i < iterationEnd.length; ++i) iterationEnd[i]();
};

// The target of __ENV, whose values are strings whatever a script writes.
let variables = {};

const environmentHandler = {
  set(target, name, value) {
    variables[name] = String(value);
    return true;
  },
  get(target, name) {
    return variables[name];
  },
  has(target, name) {
    return name in variables;
  },
  deleteProperty(target, name) {
    return delete variables[name];
  },
  ownKeys() {
    return Reflect.ownKeys(variables);
  },
  getOwnPropertyDescriptor(target, name) {
    if (!Object.hasOwn(variables, name)) return undefined;
    return { value: variables[name], writable: true, enumerable: true, configurable: true };
  },
  defineProperty(target, name, descriptor) {
    variables[name] = String(descriptor.value);
    return true;
  },
};

let hasEnvironment = false;

native.registry.setEnvironment = function setEnvironment(all) {
  variables = all;
  if (hasEnvironment) return;
  hasEnvironment = true;
  installGlobal('__ENV', new Proxy({}, environmentHandler));
};

/// The options that a script exports show what came of them, in place.
native.registry.overwriteOptions = function overwriteOptions(exported) {
  const { options } = exported;
  if (options === null || typeof options !== 'object' || native.options === null) return;
  for (const key of Object.keys(native.options)) {
    try {
      options[key] = native.options[key];
    } catch (frozen) {
      return;
    }
  }
  // Flags have replaced them.
  if (options.scenarios && !native.options.scenarios) options.scenarios = {};
};

function refuseAfterInit(name) {
  if (native.phase === 0) return;
  throw new GoError(`the "${name}" function is only available in the init stage (i.e. the global scope), ` +
    'see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle for more information');
}

installGlobal('open', function open(path, mode) {
  refuseAfterInit('open');
  return native.openFile(String(path), mode === 'b');
});

installGlobal('require', function require(specifier) {
  refuseAfterInit('require');
  return native.require(String(specifier));
});

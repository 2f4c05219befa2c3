'use strict';
// Setup data as k6 hands it to iterations. There it is Go's maps and slices, and each look at a member that is a list
// makes a new view of it: what is written into its elements stays, a change of its length does not. A list in a list,
// and one that a script puts under a new name, keeps what is done to it.
//
// For the host, in native.registry:
//   setupData(value) -> the value, with such members.

const kLists = Symbol('lists');

function view(kept) {
  const { list, length } = kept;
  if (list.length > length) list.length = length;
  while (list.length < length) list.push(null);
  return list;
}

// One for all objects with that name: so they have one shape, and are as fast to read as others.
const accessors = new Map();

function accessorOf(name) {
  let accessor = accessors.get(name);
  if (accessor === undefined) {
    accessor = {
      get() {
        return view(this[kLists][name]);
      },
      set(value) {
        if (Array.isArray(value)) this[kLists][name] = { list: value, length: value.length };
        else Object.defineProperty(this, name, plain(value));
      },
      enumerable: true,
      configurable: true,
    };
    accessors.set(name, accessor);
  }
  return accessor;
}

function plain(value) {
  return { value, writable: true, enumerable: true, configurable: true };
}

// Made anew: one whose members are redefined would be slow to read from then on.
function withViews(object) {
  const made = {};
  const lists = Object.create(null);
  Object.defineProperty(made, kLists, { value: lists });
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (Array.isArray(value)) {
      lists[name] = { list: value, length: value.length };
      Object.defineProperty(made, name, accessorOf(name));
    } else {
      Object.defineProperty(made, name, plain(value));
    }
  }
  return made;
}

function setupData(value) {
  if (value === null || typeof value !== 'object') return value;
  let hasLists = false;
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member === null || typeof member !== 'object') continue;
    const made = setupData(member);
    if (made !== member) Object.defineProperty(value, name, plain(made));
    if (Array.isArray(made)) hasLists = true;
  }
  return hasLists && !Array.isArray(value) ? withViews(value) : value;
}

native.registry.setupData = setupData;

'use strict';
// vu.metrics.tags and vu.metrics.metadata of k6/execution: live views of what the host keeps for a
// virtual user.

const { refusedTag, tagText } = require('lab:tags');

// The traps of a view, over the four natives of tags or of metadata.
class LiveTraps {
  constructor(read, write, remove, keys, refused) {
    this.read = read;
    this.write = write;
    this.remove = remove;
    this.keys = keys;
    this.refused = refused;
  }

  get(target, key, receiver) {
    const text = typeof key === 'string' ? this.read(key) : undefined;
    return text !== undefined ? text : Reflect.get(target, key, receiver);
  }

  set(target, key, value) {
    if (typeof key !== 'string')
      throw new TypeError('Dynamic objects do not support Symbol properties');
    const text = tagText(value);
    if (text === undefined) throw new TypeError(this.refused(key));
    this.write(key, text);
    return true;
  }

  has(target, key) {
    return (typeof key === 'string' && this.read(key) !== undefined) || Reflect.has(target, key);
  }

  deleteProperty(target, key) {
    if (typeof key === 'string') this.remove(key);
    return true;
  }

  ownKeys() {
    return this.keys();
  }

  getOwnPropertyDescriptor(target, key) {
    const value = typeof key === 'string' ? this.read(key) : undefined;
    if (value === undefined) return undefined;
    return { value, writable: true, enumerable: true, configurable: true };
  }

  defineProperty(target, key, descriptor) {
    return this.set(target, key, descriptor.value);
  }

  preventExtensions() {
    throw new TypeError('Cannot make a dynamic object non-extensible');
  }
}

function refusedMetadata(key) {
  return (
    `invalid value for metric metadata '${key}': ` +
    'only String, Boolean and Number types are accepted as a metric metadata value'
  );
}

// Made when they are first asked for: a snapshot is to hold no proxy.
let tagsView = null;
let metadataView = null;

function tags() {
  if (tagsView === null) {
    const { vuTag, setVuTag, deleteVuTag, vuTagKeys } = native;
    tagsView = new Proxy({}, new LiveTraps(vuTag, setVuTag, deleteVuTag, vuTagKeys, refusedTag));
  }
  return tagsView;
}

function metadata() {
  if (metadataView === null) {
    const { vuMeta, setVuMeta, deleteVuMeta, vuMetaKeys } = native;
    const traps = new LiveTraps(vuMeta, setVuMeta, deleteVuMeta, vuMetaKeys, refusedMetadata);
    metadataView = new Proxy({}, traps);
  }
  return metadataView;
}

exports.tags = tags;
exports.metadata = metadata;

'use strict';
// Tags that a script gives: { key: value } to the flat list [key, value, ...] that natives take.

const { GoError } = require('lab:errors');

// The text of a tag's value, or undefined for a type that k6 refuses.
function tagText(value) {
  const type = typeof value;
  if (type === 'string') return value;
  if (type === 'number' || type === 'boolean') return String(value);
  return type === 'symbol' ? value.description || '' : undefined;
}

function refusedTag(key) {
  return (
    `invalid value for metric tag '${key}': ` +
    'only String, Boolean and Number types are accepted as a metric tag values'
  );
}

// null for no tags at all. `context` stands before the error's text.
function flatTags(tags, context) {
  if (tags === undefined || tags === null) return null;
  const keys = Object.keys(tags);
  if (keys.length === 0) return null;
  const flat = [];
  for (let i = 0; i < keys.length; i++) {
    const text = tagText(tags[keys[i]]);
    if (text === undefined) throw new GoError((context || '') + refusedTag(keys[i]));
    flat.push(keys[i], text);
  }
  return flat;
}

exports.tagText = tagText;
exports.refusedTag = refusedTag;
exports.flatTags = flatTags;

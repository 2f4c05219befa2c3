'use strict';
// The standard library as k6's engine has it: what V8 lacks is added, what k6 lacks is removed, and
// what depends on a locale is as plain as k6's.

// Captured before it is removed.
const { Collator } = Intl;

// As properties of built-in objects are: not enumerable.
function install(object, methods) {
  for (const name of Object.keys(methods)) {
    const value = methods[name];
    Object.defineProperty(object, name, { value, writable: true, configurable: true });
  }
}

// --- arrays: copies instead of changes (ES2023) ---

function relativeIndex(index, length) {
  const whole = Math.trunc(Number(index)) || 0;
  return whole < 0 ? whole + length : whole;
}

function checkedComparator(compare) {
  if (compare !== undefined && typeof compare !== 'function') {
    throw new TypeError('The comparison function must be either a function or undefined');
  }
}

function replacedIndex(index, length) {
  const position = relativeIndex(index, length);
  if (position < 0 || position >= length) throw new RangeError(`Invalid index: ${String(index)}`);
  return position;
}

const arrayCopies = {
  toReversed() {
    return Array.from(this).reverse();
  },
  toSorted(compare) {
    checkedComparator(compare);
    return Array.from(this).sort(compare);
  },
  toSpliced(start, count) {
    const copy = Array.from(this);
    copy.splice(...arguments);
    return copy;
  },
  with(index, value) {
    const copy = Array.from(this);
    copy[replacedIndex(index, copy.length)] = value;
    return copy;
  },
};

const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const { slice, reverse, sort } = typedArrayPrototype;

// A copy of the same kind, whatever a class of the script would make of it.
function typedCopy(array) {
  const kind = globalThis[array[Symbol.toStringTag]];
  return new kind(slice.call(array));
}

const typedArrayCopies = {
  toReversed() {
    return reverse.call(typedCopy(this));
  },
  toSorted(compare) {
    checkedComparator(compare);
    return sort.call(typedCopy(this), compare);
  },
  with(index, value) {
    const copy = typedCopy(this);
    copy[replacedIndex(index, copy.length)] = value;
    return copy;
  },
};

// --- what k6 does not have, beside what V8's flags take away ---

const absent = ['Intl', 'WeakRef', 'FinalizationRegistry'];

// --- what depends on a locale ---

function twoDigits(number) {
  return number < 10 ? '0' + number : String(number);
}

function dateText(date) {
  const number = date.getFullYear();
  const year = (number < 0 ? '-' : '') + String(Math.abs(number)).padStart(4, '0');
  return `${twoDigits(date.getMonth() + 1)}/${twoDigits(date.getDate())}/${year}`;
}

function timeText(date) {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

const { getTime, toString, toTimeString } = Date.prototype;

function formatted(date, format) {
  return Number.isNaN(getTime.call(date)) ? 'Invalid Date' : format(date);
}

// Go names the zone by its abbreviation. Of these V8 knows none, but "UTC" is what it comes to in
// most containers.
function withShortUtc(text) {
  return text.replace('(Coordinated Universal Time)', '(UTC)');
}

const dateMethods = {
  toLocaleString() {
    return formatted(this, (date) => `${dateText(date)}, ${timeText(date)}`);
  },
  toLocaleDateString() {
    return formatted(this, dateText);
  },
  toLocaleTimeString() {
    return formatted(this, timeText);
  },
  toString() {
    return withShortUtc(toString.call(this));
  },
  toTimeString() {
    return withShortUtc(toTimeString.call(this));
  },
};

// An argument is taken for a radix, as in k6.
function plainNumbers(toText) {
  return {
    toLocaleString(radix) {
      return toText.call(this, radix);
    },
  };
}

// Made when it is first needed: a snapshot is to hold nothing of ICU. English has the root's order.
let collator = null;

const stringMethods = {
  localeCompare(other) {
    if (collator === null) collator = new Collator('en');
    return collator.compare(String(this), String(other));
  },
};

if (Array.prototype.toSorted === undefined) {
  install(Array.prototype, arrayCopies);
  install(typedArrayPrototype, typedArrayCopies);
}
for (const name of absent) delete globalThis[name];
install(Date.prototype, dateMethods);
install(Number.prototype, plainNumbers(Number.prototype.toString));
install(BigInt.prototype, plainNumbers(BigInt.prototype.toString));
install(String.prototype, stringMethods);

'use strict';
// What Go's encoding/json says of a text that is not JSON, and where: k6 shows its words.

const kEscapes = '"\\/bfnrt';

function quoteChar(c) {
  if (c === "'") return "'\\''";
  if (c === '"') return "'\"'";
  if (c === '\\') return "'\\\\'";
  const code = c.charCodeAt(0);
  const names = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };
  if (names[code] !== undefined) return `'${names[code]}'`;
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, '0')}'`;
  if (code < 0x80) return `'${c}'`;
  // Go looks at bytes: the first of the character's UTF-8 form, shown as if it were Latin-1.
  const first = parseInt(encodeURIComponent(c.length === 2 ? c : c.replace(/[\ud800-\udfff]/,
    '\ufffd')).slice(1, 3), 16);
  return `'${String.fromCharCode(first)}'`;
}

class Scanner {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  // At the end Go tries a space: where one may stand, what it misses is the rest of the text.
  fail(context, mayBeSpace) {
    if (this.at >= this.text.length) {
      const text = mayBeSpace ? 'unexpected end of JSON input' : `invalid character ' ' ${context}`;
      throw { text, at: this.text.length - 1 };
    }
    const c = String.fromCodePoint(this.text.codePointAt(this.at));
    throw { text: `invalid character ${quoteChar(c)} ${context}`, at: this.at };
  }

  space() {
    while (' \t\r\n'.includes(this.text[this.at] || 'x')) this.at += 1;
    return this.text[this.at];
  }

  value(depth) {
    const c = this.space();
    if (c === '{' || c === '[') {
      if (depth === 10000) throw { text: 'exceeded max depth', at: this.at };
      this.at += 1;
      if (c === '{') this.object(depth + 1);
      else this.array(depth + 1);
    } else if (c === '"') {
      this.string();
    } else if (c === '-' || (c >= '0' && c <= '9')) {
      this.number();
    } else if (c === 't') {
      this.literal('true');
    } else if (c === 'f') {
      this.literal('false');
    } else if (c === 'n') {
      this.literal('null');
    } else {
      this.fail('looking for beginning of value', true);
    }
  }

  object(depth) {
    if (this.space() === '}') {
      this.at += 1;
      return;
    }
    for (;;) {
      if (this.space() !== '"') this.fail('looking for beginning of object key string', true);
      this.string();
      if (this.space() !== ':') this.fail('after object key', true);
      this.at += 1;
      this.value(depth);
      const c = this.space();
      if (c !== ',' && c !== '}') this.fail('after object key:value pair', true);
      this.at += 1;
      if (c === '}') return;
    }
  }

  array(depth) {
    if (this.space() === ']') {
      this.at += 1;
      return;
    }
    for (;;) {
      this.value(depth);
      const c = this.space();
      if (c !== ',' && c !== ']') this.fail('after array element', true);
      this.at += 1;
      if (c === ']') return;
    }
  }

  string() {
    for (this.at += 1; this.text[this.at] !== '"'; this.at += 1) {
      const c = this.text[this.at];
      if (c === undefined || c < ' ') this.fail('in string literal', true);
      if (c === '\\') this.escape();
    }
    this.at += 1;
  }

  escape() {
    this.at += 1;
    const c = this.text[this.at];
    if (c === 'u') {
      for (let i = 0; i < 4; i += 1) {
        this.at += 1;
        if (!/^[0-9A-Fa-f]$/.test(this.text[this.at] || '')) {
          this.fail('in \\u hexadecimal character escape');
        }
      }
    } else if (c === undefined || !kEscapes.includes(c)) {
      this.fail('in string escape code');
    }
  }

  digits(context) {
    const begin = this.at;
    while (this.text[this.at] >= '0' && this.text[this.at] <= '9') this.at += 1;
    if (this.at === begin) this.fail(context);
  }

  number() {
    if (this.text[this.at] === '-') this.at += 1;
    if (this.text[this.at] === '0') this.at += 1;
    else this.digits('in numeric literal');
    if (this.text[this.at] === '.') {
      this.at += 1;
      this.digits('after decimal point in numeric literal');
    }
    if (this.text[this.at] === 'e' || this.text[this.at] === 'E') {
      this.at += 1;
      if (this.text[this.at] === '+' || this.text[this.at] === '-') this.at += 1;
      this.digits('in exponent of numeric literal');
    }
  }

  literal(word) {
    for (const letter of word) {
      if (this.text[this.at] !== letter) this.fail(`in literal ${word} (expecting '${letter}')`);
      this.at += 1;
    }
  }
}

/// {text, at}: Go's words and the index of the character they are about; null: it is JSON.
function jsonProblem(text) {
  const scanner = new Scanner(text);
  try {
    scanner.value(0);
    if (scanner.space() !== undefined) scanner.fail('after top-level value', true);
    return null;
  } catch (problem) {
    if (problem.text === undefined) throw problem;
    return problem;
  }
}

/// k6's text for a body that is not JSON, with the place as people count.
function bodyProblem(text) {
  const problem = jsonProblem(text);
  if (problem === null) return 'cannot parse json';
  let line = 1;
  let character = 0;
  let index = 0;
  for (const c of text) {
    if (c === '\n') {
      line += 1;
      character = 0;
    } else {
      character += 1;
    }
    if (index >= problem.at) {
      if (c === '\n') character = 1;
      break;
    }
    index += c.length;
  }
  return `cannot parse json due to an error at line ${line}, character ${character} , ` +
    `error: ${problem.text}`;
}

exports.jsonProblem = jsonProblem;
exports.bodyProblem = bodyProblem;

'use strict';
// Rows of a text of separated values, as Papa Parse splits it: RFC 4180, kindly read.

// The format: delimiter, newline, quote, escape, comments (a prefix or false), preview (0 is all).
class Scanner {
  constructor(text, format) {
    this.text = text;
    this.format = format;
    this.rows = [];
    this.errors = [];
    this.at = 0;
    this.truncated = false;
  }

  error(code, message) {
    this.errors.push({ type: 'Quotes', code, message, row: this.rows.length, index: this.at });
  }

  // Where the next delimiter and newline are; the length of the text if there is none.
  find(what, from) {
    const at = this.text.indexOf(what, from);
    return at < 0 ? this.text.length : at;
  }

  // A field without quotes. Says whether it ends its row.
  plainField(row) {
    const delimiter = this.find(this.format.delimiter, this.at);
    const newline = this.find(this.format.newline, this.at);
    const end = Math.min(delimiter, newline);
    row.push(this.text.slice(this.at, end));
    return this.leave(end);
  }

  // Steps over the separator at `end`. Says whether the row ends there.
  leave(end) {
    const { delimiter, newline } = this.format;
    if (this.text.startsWith(delimiter, end) && end < this.text.length) {
      this.at = end + delimiter.length;
      return false;
    }
    this.ended = end >= this.text.length;
    this.at = this.ended ? this.text.length : end + newline.length;
    return true;
  }

  isSeparator(at) {
    return this.text.startsWith(this.format.delimiter, at) ||
      this.text.startsWith(this.format.newline, at);
  }

  // The offset of the separator behind a quote and spaces, or of the text's end; -1 if other things
  // follow.
  separatorAfter(from) {
    if (from >= this.text.length) return from;
    let end = from;
    while (end < this.text.length && !this.isSeparator(end) && /\s/.test(this.text[end])) end++;
    return end < this.text.length && this.isSeparator(end) ? end : -1;
  }

  isEscaped(quoteAt) {
    const { quote, escape } = this.format;
    if (quote === escape) return false;
    return quoteAt > this.at && this.text[quoteAt - 1] === escape;
  }

  unescaped(text) {
    const { quote, escape } = this.format;
    return text.split(escape + quote).join(quote);
  }

  // A field whose first character is a quote. Says whether it ends its row.
  quotedField(row) {
    const { quote, escape } = this.format;
    this.at++;
    let quoteAt = this.at - 1;
    for (;;) {
      quoteAt = this.text.indexOf(quote, quoteAt + 1);
      if (quoteAt < 0) {
        this.error('MissingQuotes', 'Quoted field unterminated');
        row.push(this.text.slice(this.at));
        return this.leave(this.text.length);
      }
      if (this.isEscaped(quoteAt)) continue;
      if (quote === escape && this.text[quoteAt + 1] === quote) {
        quoteAt++;
        continue;
      }
      const end = this.separatorAfter(quoteAt + 1);
      if (end >= 0) {
        row.push(this.unescaped(this.text.slice(this.at, quoteAt)));
        return this.leave(end);
      }
      this.error('InvalidQuotes', 'Trailing quote on quoted field is malformed');
      quoteAt++;
    }
  }

  row() {
    const row = [];
    while (!(this.text[this.at] === this.format.quote ? this.quotedField(row)
      : this.plainField(row)));
    return row;
  }

  isComment() {
    return this.format.comments !== false && this.text.startsWith(this.format.comments, this.at);
  }

  // Whether a preview ends behind the row that was read last. In a text without quotes Papa Parse
  // counts lines, comments too, and reads one more than it shows.
  isPreviewed(lines) {
    const { preview, quote } = this.format;
    if (!(preview > 0)) return false;
    if (!this.text.includes(quote)) return lines > preview;
    return this.rows.length >= preview && !this.ended;
  }

  run() {
    this.ended = this.text === '';
    for (let lines = 1; !this.ended; lines++) {
      if (this.isComment()) {
        this.leave(this.find(this.format.newline, this.at));
        continue;
      }
      this.rows.push(this.row());
      if (!this.isPreviewed(lines)) continue;
      this.truncated = true;
      this.rows.length = Math.min(this.rows.length, this.format.preview);
      return;
    }
  }
}

// {rows, errors, cursor, truncated}
function rowsOf(text, format) {
  const scanner = new Scanner(text, format);
  scanner.run();
  return { rows: scanner.rows, errors: scanner.errors, cursor: scanner.at,
    truncated: scanner.truncated };
}

exports.rowsOf = rowsOf;

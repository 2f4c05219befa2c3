'use strict';
// A stream of server-sent events: its client in the script, and how its lines become events.

const { ErrorValue } = require('lab:errors');

class SseEvent {
  constructor() {
    this.id = '';
    this.comment = '';
    this.name = '';
    this.data = '';
  }
}

class SseClient {
  #handlers;
  #isClosed;

  constructor() {
    this.#handlers = {};
    this.#isClosed = false;
  }

  on(event, handler) {
    if (typeof handler !== 'function') return;
    const name = String(event);
    if (this.#handlers[name] === undefined) this.#handlers[name] = [];
    this.#handlers[name].push(handler);
  }

  close() {
    this.#isClosed = true;
  }

  static isClosed(client) {
    return client.#isClosed;
  }

  static fire(client, name, argument) {
    for (const handler of client.#handlers[name] || []) {
      if (argument === undefined) handler();
      else handler(argument);
    }
  }
}

// Lines to events. What `fire(name, argument)` gets is in the order of the lines.
class EventReader {
  constructor(client, onEvent) {
    this.client = client;
    this.onEvent = onEvent;
    this.pending = '';
    this.event = new SseEvent();
  }

  take(text) {
    const all = this.pending === '' ? text : this.pending + text;
    let begin = 0;
    for (let end = all.indexOf('\n'); end !== -1; end = all.indexOf('\n', begin)) {
      this.line(all.slice(begin, end + 1));
      begin = end + 1;
      if (SseClient.isClosed(this.client)) return;
    }
    this.pending = all.slice(begin);
  }

  line(line) {
    const { event } = this;
    if (line.startsWith('data:')) {
      event.data += line.slice(line[5] === ' ' ? 6 : 5);
    } else if (line === '\n' || line === '\r\n') {
      this.dispatch();
    } else if (line.startsWith('event:')) {
      event.name = line.slice(line[6] === ' ' ? 7 : 6, -1);
    } else if (line.startsWith('id:')) {
      event.id = line.slice(line[3] === ' ' ? 4 : 3, -1);
    } else if (line[0] === ':') {
      event.comment = line.slice(line[1] === ' ' ? 2 : 1, -1);
    } else if (!line.startsWith('retry:')) {
      SseClient.fire(this.client, 'error', new ErrorValue('unknown event: ' + line));
    }
  }

  dispatch() {
    const { event } = this;
    this.event = new SseEvent();
    event.data = event.data.replace(/[\r\n]+$/, '');
    this.onEvent();
    SseClient.fire(this.client, 'event', event);
  }
}

/// The text of the read error that ended it; '' after the server's end or a close().
function readAll(client, handle, onEvent) {
  const reader = new EventReader(client, onEvent);
  while (!SseClient.isClosed(client)) {
    const piece = native.sseRead(handle);
    if (piece === null) return '';
    if (typeof piece !== 'string') {
      SseClient.fire(client, 'error', new ErrorValue(piece.error));
      return piece.error;
    }
    reader.take(piece);
  }
  return '';
}

exports.SseClient = SseClient;
exports.readAll = readAll;

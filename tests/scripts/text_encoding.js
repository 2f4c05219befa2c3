// TextEncoder and TextDecoder, which k6 has had since v2.2.
import { equal, finished, isLoader, throws } from './assert.js';

function bytes(...numbers) {
  return Uint8Array.from(numbers);
}

function encodes() {
  const encoder = new TextEncoder();
  equal(encoder.encoding, 'utf-8', 'encoding');
  equal(
    Array.from(encoder.encode('aé中😀')),
    [97, 195, 169, 228, 184, 173, 240, 159, 152, 128],
    'encode',
  );
  equal([encoder.encode().length, encoder.encode(null).length], [0, 0], 'nothing');
  equal(Array.from(encoder.encode('\ud800')), [239, 191, 189], 'half a surrogate pair');
}

function decodes() {
  const decoder = new TextDecoder();
  equal([decoder.encoding, decoder.fatal, decoder.ignoreBOM], ['utf-8', false, false], 'a decoder');
  equal(decoder.decode(bytes(97, 195, 169).buffer), 'aé', 'a buffer');
  equal(decoder.decode(bytes(0, 97, 98, 0).subarray(1, 3)), 'ab', 'a part of a buffer');
  equal(decoder.decode(), '', 'nothing');
  equal(decoder.decode(bytes(0xef, 0xbb, 0xbf, 97)), 'a', 'a byte order mark');
  equal(decoder.decode(bytes(0xff, 97, 0xe4, 0xb8)), '\ufffda\ufffd', 'what is not UTF-8');
  const parts = [bytes(0xe4), bytes(0xb8), bytes(0xad, 0xf0, 0x9f), bytes(0x98, 0x80)];
  equal(
    parts.map((part) => decoder.decode(part, { stream: true })),
    ['', '', '中', '😀'],
    'parts',
  );
  equal(
    decoder.decode(bytes(0xe4), { stream: true }) + decoder.decode(),
    '\ufffd',
    'an unfinished part',
  );
  equal(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(0xef, 0xbb, 0xbf)),
    '\ufeff',
    'ignoreBOM',
  );
  const fatal = new TextDecoder('UTF8 ', { fatal: true });
  throws(
    () => fatal.decode(bytes(0xff)),
    'TypeError: decoding text: invalid byte sequence',
    'fatal',
  );
  equal(fatal.decode(bytes(0xef, 0xbf, 0xbd)), '\ufffd', 'a replacement character that was sent');
  equal(new TextDecoder('utf-16').decode(bytes(97, 0, 0x3d, 0xd8, 0, 0xde)), 'a😀', 'UTF-16');
  equal(
    new TextDecoder('utf-16be').decode(bytes(0, 97, 0xd8, 0)),
    'a\ufffd',
    'UTF-16, big end first',
  );
  throws(
    () => new TextDecoder('latin1'),
    'RangeError: unsupported encoding: latin1',
    'an encoding',
  );
}

equal(typeof TextEncoder, typeof TextDecoder, 'both or neither');

export default function () {
  if (isLoader) {
    encodes();
    decodes();
  }
  finished('text_encoding');
}

// k6/encoding: base64, with Go's alphabets, strictness and messages.
import encoding, { b64decode, b64encode } from 'k6/encoding';
import { equal, finished, throws } from './assert.js';

function bytes(...numbers) {
  return Uint8Array.from(numbers).buffer;
}

function encodes() {
  equal(b64encode('hi'), 'aGk=', 'std is the default');
  equal(b64encode('hi??>>1', 'std'), 'aGk/Pz4+MQ==', 'std');
  equal(b64encode('hi??>>1', 'rawstd'), 'aGk/Pz4+MQ', 'rawstd');
  equal(b64encode('hi??>>1', 'url'), 'aGk_Pz4-MQ==', 'url');
  equal(b64encode('hi??>>1', 'rawurl'), 'aGk_Pz4-MQ', 'rawurl');
  equal(b64encode('hi', 'other'), 'aGk=', 'an unknown encoding is std');
  equal(b64encode('é\ud800x'), 'w6nvv714', 'UTF-8; half a surrogate pair is U+FFFD');
  equal(b64encode(bytes(0, 255)), 'AP8=', 'ArrayBuffer');
  equal(b64encode(new Uint8Array([1, 2, 3, 4]).subarray(1, 3)), 'AgM=', 'part of a buffer');
  equal(b64encode(new Uint8ClampedArray(2)), 'AAA=', 'Uint8ClampedArray');
}

function refuses() {
  const types = [[undefined, '<nil>'], [null, '<nil>'], [1, 'int64'], [1.5, 'float64'],
    [-0, 'float64'], [2 ** 53, 'int64'], [2 ** 54, 'float64'], [true, 'bool'],
    [[], '[]interface {}'], [{}, 'map[string]interface {}'], [new Date(0), 'time.Time'],
    [new Int8Array(1), '[]int8'], [new Uint16Array(1), '[]uint16'],
    [new Float64Array(1), '[]float64'], [new BigInt64Array(1), '[]int64'],
    [new DataView(new ArrayBuffer(1)), 'map[string]interface {}'],
    [new Map(), '[][2]interface {}'], [new Set(), '[]interface {}'], [12n, '*big.Int'],
    [Promise.resolve(), '*sobek.Promise'], [new String('a'), 'map[string]interface {}'],
    [() => 1, 'func(sobek.FunctionCall) sobek.Value']];
  for (const [value, type] of types) {
    throws(() => b64encode(value),
      `GoError: invalid type ${type}, expected string, []byte or ArrayBuffer`, type);
  }
}

function decodes() {
  equal(b64decode('aGk='), bytes(104, 105), 'bytes are the default');
  equal(b64decode('aGk=', 'std', 's'), 'hi', 'text');
  equal(b64decode('aGk=', 'std', 'b'), bytes(104, 105), 'any other format is bytes');
  equal(b64decode('_-8=', 'url'), bytes(255, 239), 'url');
  equal(b64decode('_-8', 'rawurl'), bytes(255, 239), 'rawurl');
  equal(b64decode('/+8', 'rawstd'), bytes(255, 239), 'rawstd');
  equal(b64decode('/+9h', 'std', 's'), '\ufffd\ufffda', 'text that is no UTF-8');
  equal(b64decode('ab\r\ncd'), bytes(105, 183, 29), 'line ends are skipped');
  equal(b64decode('ab=\n='), bytes(105), 'in padding, too');
  equal(b64decode(''), bytes(), 'nothing');
  equal([b64decode(), b64decode(undefined), b64decode(null)], [bytes(), bytes(), bytes()],
    'missing is the empty string');
  equal(b64decode(1234), bytes(215, 109, 248), 'a number is text');
}

function malformed() {
  const offsets = [['a', 0], ['ab', 0], ['ab=', 3], ['ab=c', 2], ['a===', 1], ['====', 0],
    ['abcd=', 4], ['ab==x', 4], ['abc=d', 4], ['abc=\nd', 5], ['a b=', 1], ['aé==', 1],
    ['abcde', 4], ['ab=\n', 4], ['ab=\nx', 3], ['ab\n', 1], ['_w==', 0], ['abc\n\n', 2],
    ['ab==\n\nx', 6], ['aaaabbbb*', 8]];
  for (const [text, offset] of offsets) {
    throws(() => b64decode(text), `GoError: illegal base64 data at input byte ${offset}`,
      JSON.stringify(text));
  }
  const raw = [['a', 0], ['ab=', 2], ['abc=', 3], ['=', 0], ['abcde', 4], ['a b', 1]];
  for (const [text, offset] of raw) {
    throws(() => b64decode(text, 'rawstd'),
      `GoError: illegal base64 data at input byte ${offset}`, 'rawstd ' + JSON.stringify(text));
  }
}

export default function () {
  equal(Object.keys(encoding).sort(), ['b64decode', 'b64encode'], 'what the module has');
  encodes();
  refuses();
  decodes();
  malformed();
  finished('encoding');
}

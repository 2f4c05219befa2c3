// k6/crypto: digests, HMACs and random bytes.
import crypto, { createHash, createHMAC, hexEncode, hmac, md5, randomBytes, sha256 } from
  'k6/crypto';
import { equal, finished, isLoader, throws } from './assert.js';

const digests = {
  md4: 'aa010fbc1d14c795d86ef98c95479d17',
  md5: '5eb63bbbe01eeed093cb22bb8f5acdc3',
  sha1: '2aae6c35c94fcfb415dbe95f408b9ce91ee846ed',
  sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  sha384: 'fdbd8e75a67f29f701a4e040385e2e23986303ea10239211af907fcbb83578b3' +
    'e417cb71ce646efd0819dd8c088de1bd',
  sha512: '309ecc489c12d6eb4cc40f50c902f2b4d0ed77ee511a7c7a9bcd3ca86d4cd86f' +
    '989dd35bc5ff499670da34255b45b0cfd830e81f605dcf7dc5542e93ae9cd76f',
  sha512_224: '22e0d52336f64a998085078b05a6e37b26f8120f43bf4db4c43a64ee',
  sha512_256: '0ac561fac838104e3f2e4ad107b4bee3e938bf15f2b15f009ccccd61a913f017',
  ripemd160: '98c615784ccb5fe5936fbc0cbe9dfdb408d92f0f',
};
const hmacs = {
  md4: '1d7eb23d4e3c39def574142337ee83d3',
  md5: 'ae92cf51adf91130130aefc2b39a7595',
  sha1: '34dd234b92683593560528f6193ea68c8005f615',
  sha256: '0ba06f1f9a6300461e43454535dc3c4223e47b1d357073d7536eae90ec095be1',
  sha512_256: '0ba53ab0afef0dec4ff94412bfffa096ba69c40fb03319308b8fc23f53e3661d',
  ripemd160: '61d980d4e8e038187a08656cec77017fcb1fc6b1',
};
const notBytes = 'expected string, []byte or ArrayBuffer';

// All of it works in init as well.
equal(md5('hello world', 'hex'), digests.md5, 'in init');

function oneShots() {
  for (const [name, sum] of Object.entries(digests)) {
    equal(crypto[name]('hello world', 'hex'), sum, name);
  }
  for (const [name, sum] of Object.entries(hmacs)) {
    equal(hmac(name, 'key', 'hello world', 'hex'), sum, `hmac ${name}`);
  }
  equal(sha256(new Uint8Array([104, 105]).buffer, 'hex'), sha256('hi', 'hex'), 'ArrayBuffer');
  equal(sha256(new Uint8Array([0, 104, 105]).subarray(1), 'hex'), sha256('hi', 'hex'), 'view');
  equal(hmac('md5', '', '', 'hex'), '74e6f7298a9c2d168935f58c001bad88', 'no key, no data');
}

function encodings() {
  equal(md5('hello??', 'hex'), '27348dafa012335b05ce33978ad57b02', 'hex');
  equal(md5('hello??', 'base64'), 'JzSNr6ASM1sFzjOXitV7Ag==', 'base64');
  equal(md5('hello??', 'base64url'), 'JzSNr6ASM1sFzjOXitV7Ag==', 'base64url');
  equal(md5('hello??', 'base64rawurl'), 'JzSNr6ASM1sFzjOXitV7Ag', 'base64rawurl');
  equal(md5('hello??', 'binary'), Uint8Array.from([39, 52, 141, 175, 160, 18, 51, 91, 5, 206, 51,
    151, 138, 213, 123, 2]).buffer, 'binary');
  throws(() => md5('x', 'HEX'), 'GoError: invalid output encoding: HEX', 'HEX');
  throws(() => md5('x'), 'GoError: invalid output encoding: ', 'no encoding');
  throws(() => md5('x', undefined), 'GoError: invalid output encoding: ', 'undefined');
}

function errors() {
  throws(() => sha256(5, 'hex'), `GoError: sha256 failed: invalid type int64, ${notBytes}`,
    'a number');
  throws(() => sha256(), `GoError: sha256 failed: invalid type <nil>, ${notBytes}`, 'nothing');
  throws(() => hmac('sha3', 'k', 'd', 'hex'), 'GoError: invalid algorithm: sha3', 'algorithm');
  throws(() => hmac('md5', 1, 'd', 'hex'), `GoError: invalid type int64, ${notBytes}`, 'key');
  throws(() => hmac('md5', 'k', {}, 'hex'),
    `GoError: invalid type map[string]interface {}, ${notBytes}`, 'data');
  throws(() => createHMAC('nope', 'k'), 'GoError: invalid algorithm: nope', 'createHMAC');
  throws(() => createHMAC('md5'), `GoError: invalid type <nil>, ${notBytes}`, 'no key');
  throws(() => hexEncode(1), `GoError: invalid type int64, ${notBytes}`, 'hexEncode');
  if (isLoader) {
    // k6 itself ends with a null pointer here.
    throws(() => createHash('nope'), 'GoError: invalid algorithm: nope', 'createHash');
  }
}

function hashers() {
  const hash = createHash('sha1');
  equal(hash.update('a'), undefined, 'update returns nothing');
  throws(() => hash.update(1), `GoError: invalid type int64, ${notBytes}`, 'update');
  equal(hash.digest('hex'), '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8', 'a');
  hash.update(new Uint8Array([98]).buffer);
  equal(hash.digest('hex'), 'da23614e02469a0d7c7bd1bdab5c9c474b1904dc', 'a, then b');
  equal(hash.digest('hex'), 'da23614e02469a0d7c7bd1bdab5c9c474b1904dc', 'once more');
  throws(() => hash.digest(), 'GoError: invalid output encoding: ', 'no encoding');
  equal(createHash('md5').digest('hex'), 'd41d8cd98f00b204e9800998ecf8427e', 'nothing hashed');
  const keyed = createHMAC('sha256', 'key');
  keyed.update('hello ');
  keyed.update('world');
  equal(keyed.digest('hex'), hmacs.sha256, 'hmac in pieces');
  const bytes = new Uint8Array([97]);
  const copied = createHash('sha1');
  copied.update(bytes.buffer);
  bytes[0] = 98;
  equal(copied.digest('hex'), '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8', 'a later write');
}

function random() {
  equal(randomBytes(4).byteLength, 4, 'randomBytes');
  equal([randomBytes(2.9).byteLength, randomBytes('3').byteLength], [2, 3], 'as an integer');
  equal(hexEncode(randomBytes(16)) === hexEncode(randomBytes(16)), false, 'not the same twice');
  for (const size of [0, -1, undefined, 'x']) {
    throws(() => randomBytes(size), 'GoError: invalid size', `randomBytes(${size})`);
  }
  equal(hexEncode('hi'), '6869', 'hexEncode of text');
  equal(hexEncode(new Uint8Array([0, 255, 16]).buffer), '00ff10', 'hexEncode of bytes');
}

export default function () {
  equal(Object.keys(crypto).sort(), ['createHMAC', 'createHash', 'hexEncode', 'hmac', 'md4', 'md5',
    'randomBytes', 'ripemd160', 'sha1', 'sha256', 'sha384', 'sha512', 'sha512_224', 'sha512_256'],
  'what the module has');
  oneShots();
  encodings();
  errors();
  hashers();
  random();
  finished('crypto');
}

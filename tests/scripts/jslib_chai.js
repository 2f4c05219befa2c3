// k6chaijs: names of checks, which tags and thresholds go by, messages, assert, should, plugins.
import chai, { describe, expect } from 'https://jslib.k6.io/k6chaijs/4.5.0.1/index.js';
import { equal, finished, throws } from './assert.js';

const { assert } = chai;
const object = { a: 1, b: { c: [1, 2] }, 'd.e': { '[f]': 3 } };
const counter = { n: 0 };
const increment = () => { counter.n += 1; };
const boom = () => { throw new TypeError('boom'); };
const descriptor = { value: 1, writable: true, enumerable: true, configurable: true };

// What an assertion is, the check that it makes last, and whether it passes.
const expectations = [
  [() => expect(1, 'one').to.equal(1), 'expected one to equal 1', true],
  [() => expect(1).to.equal('one'), 'expected ${this} to equal \'one\'', false],
  [() => expect(1).to.not.be.null, 'expected ${this} not to be null', true],
  [() => expect(1).to.not.be.undefined, 'expected ${this} not to be undefined', true],
  [() => expect(1).to.not.be.NaN, 'expected ${this} not to be NaN', true],
  [() => expect(null).to.not.exist, 'expected ${this} to not exist', true],
  [() => expect([]).to.be.empty, 'expected ${this} to be empty', true],
  [() => expect(1).to.be.an('array'), 'expected ${this} to be an array', false],
  [() => expect(5, 'five').to.be.within(1, 3), 'expected five to be within 1..3', false],
  [() => expect('abc').to.have.lengthOf(2),
    'expected ${this} to have a length of 2 got ${actual}', false],
  [() => expect([1]).to.have.lengthOf.at.least(1),
    'expected ${this} to have a length at least 1 got ${actual}', true],
  [() => expect([1, 2, 3]).to.include.members([1, 2, 2]),
    'expected ${this} to be a superset of [ 1, 2, 2 ]', true],
  [() => expect([1, 2, 2]).to.have.members([1, 1, 2]),
    'expected ${this} to have the same members as [ 1, 1, 2 ]', false],
  [() => expect([NaN]).to.not.include(NaN), 'expected ${this} to not include NaN', true],
  [() => expect(object).to.not.include({ a: 1, z: 2 }), 'expected ${this} to not have property ' +
    '\'z\' of ${actual}', true],
  [() => expect(object).to.have.own.property('a', 2),
    'expected ${this} to have own property \'a\' of 2, got ${actual}', false],
  [() => expect(object).to.have.ownProperty('a'), 'expected ${this} to have own property \'a\'',
    true],
  [() => expect(object).to.have.nested.property('b.c[1]', 2),
    'expected ${this} to have nested property \'b.c[1]\' of 2, got ${actual}', true],
  [() => expect(object).to.have.nested.property('d\\.e.\\[f\\]'),
    'expected ${this} to have nested property \'d\\.e.\\[f\\]\'', true],
  [() => expect(object).to.have.ownPropertyDescriptor('a', descriptor),
    'expected the own property descriptor for \'a\' on ${this} to match ' +
    '{ value: 1, writable: true, …(2) },...', true],
  [() => expect(new Set([1, 2])).to.have.keys(1, 2), 'expected ${this} to have keys 1, and 2',
    true],
  [() => expect(new Set([{ a: 1 }])).to.have.deep.key({ a: 1 }),
    'expected ${this} to deeply have key { a: 1 }', true],
  [() => expect(object).to.not.have.any.keys('x', 'y'),
    'expected ${this} to not have keys \'x\', or \'y\'', true],
  [() => expect(boom).to.throw(), 'expected ${this} to throw an error', true],
  [() => expect(boom).to.throw(RangeError),
    'expected ${this} to throw \'RangeError\' ${actual} was thrown', false],
  [() => expect(boom).to.throw('bang'),
    'expected ${this} to throw error including \'bang\' got ${actual}', false],
  [() => expect(boom).to.not.throw(/boom/), 'expected ${this} to throw error not matching /boom/',
    false],
  [() => expect(increment).to.change(counter, 'n'), 'expected .n to change', true],
  [() => expect(increment).to.increase(() => 5), 'expected 5 to increase', false],
  [() => expect(increment).to.increase(counter, 'n').by(2), 'expected .n to increase by 2', false],
  [() => expect(1).to.satisfy(Number.isFinite), 'expected ${this} to satisfy [Function isFinite]',
    true],
  [() => expect('secret').anonymize().to.equal('x'), 'expected <anonymized> to equal \'x\'', false],
  [() => expect([0, -0, 'it\'s', new Date(0)]).to.eql(0), 'expected ${this} to deeply equal +0',
    false],
  [() => expect(1).to.equal({ list: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }),
    'expected ${this} to equal { list: [ 1, 2, 3, 4, 5, 6, 7, …(5) ] }', false],
  [() => expect(1).to.eql(new Set(['a long text', 'and another long text', 'end'])),
    'expected ${this} to deeply equal Set{ \'a long text\', …(2) }', false],
  [() => assert.equal(1, '1', 'loose'), 'expected loose to equal \'1\'', true],
  [() => assert.isNull(1), 'expected ${this} to equal null', false],
  [() => assert.isNotObject([], 'list'), 'expected list not to be an object', true],
  [() => assert.deepNestedPropertyVal(object, 'b.c', [1, 2]),
    'expected ${this} to have deep nested property \'b.c\' of [ 1, 2 ], got ${actual}', true],
  [() => assert.notIncludeOrderedMembers([1, 2], [2]),
    'expected ${this} to not be an ordered superset of [ 2 ]', true],
  [() => assert.operator(1, '>', 2), 'expected 1 to be > 2', false],
  [() => assert.increasesBy(increment, counter, 'n', 1), 'expected .n to increase by 1', true],
  [() => assert(0, 'a check of its own'), 'a check of its own', false],
  [() => expect(4).to.be.even, 'expected ${this} to be even', true],
  [() => expect(3, 'three').to.be.multipleOf(2), 'expected three to be a multiple of 2', false],
  [() => expect('any').to.equal('*'), 'anything equals *', true],
];

function even(chaiObject, utils) {
  const { Assertion } = chaiObject;
  Assertion.addProperty('even', function () {
    this.assert(this._obj % 2 === 0, 'expected #{this} to be even', 'expected #{this} to be odd');
  });
  utils.addMethod(Assertion.prototype, 'multipleOf', function (factor) {
    this.assert(utils.flag(this, 'object') % factor === 0,
      'expected #{this} to be a multiple of #{exp}', 'expected #{this} not to be', factor);
  });
  utils.overwriteMethod(Assertion.prototype, 'equal', (original) => function (expected, ...rest) {
    if (expected === '*') this.assert(true, 'anything equals *', 'nothing equals *');
    else original.apply(this, [expected, ...rest]);
  });
}

function messages() {
  throws(() => expect(1, 'one').to.equal(2), 'AssertionError: expected 1 to equal 2', 'no label');
  throws(() => expect(null, 'nothing').to.have.property('a'),
    'AssertionError: nothing: Target cannot be null or undefined.', 'refused');
  throws(() => expect.fail('x'), 'AssertionError: x', 'expect.fail');
  throws(() => assert.fail(1, 2, 'not so'), 'AssertionError: not so', 'assert.fail');
  throws(() => expect(1).to.eqaul(1),
    'Error: Invalid Chai property: eqaul. Did you mean "equal"?', 'misspelt');
  throws(() => expect(1).to.equal.length, /^Error: Invalid Chai property: equal\.length\. See docs/,
    'a length of a method');
  const start = expect(1);
  start.to.not.equal(2);
  start.to.equal(1);
  equal(String(assert.throws(boom)), 'TypeError: boom', 'what was thrown');
  chai.config.aggregateChecks = false;
  throws(() => expect(1, 'one').to.equal(2), 'AssertionError: one: expected 1 to equal 2', 'label');
  chai.config.aggregateChecks = true;
}

function shoulds() {
  const should = chai.should();
  throws(() => (5).should.be.above(6), 'AssertionError: expected 5 to be above 6', 'should');
  object.should.have.property('a').which.is.a('number');
  throws(() => should.exist(null), 'AssertionError: expected null to exist', 'should.exist');
  equal(Object.keys({}).length, 0, 'not enumerable');
  delete Object.prototype.should;
}

function inspections() {
  const { util } = chai;
  equal([util.type([]), util.type(null), util.type('x')], ['Array', 'null', 'string'], 'types');
  equal(util.eql({ a: [new Date(0)] }, { a: [new Date(0)] }), true, 'eql');
  equal(util.getPathInfo({ a: [{ b: 1 }] }, 'a[0].b').value, 1, 'a path');
  equal(util.inspect({ a: [undefined, 10n], [Symbol('s')]: 'text' }),
    '{ a: [ undefined, 10n ], [Symbol(s)]: \'text\' }', 'inspect');
}

export const options = { iterations: 1 };

export default function () {
  chai.use(even).use(even);
  for (const [call, name, passes] of expectations) equal(describe(name, call), passes, name);
  messages();
  shoulds();
  inspections();
}

export function handleSummary({ root_group: { groups } }) {
  for (const [, name, passes] of expectations) {
    const { checks } = groups.find((group) => group.name === name);
    const last = checks[checks.length - 1];
    equal([last.name, last.passes > 0], [name, passes], 'the name of a check');
  }
  finished('jslib_chai');
  return {};
}

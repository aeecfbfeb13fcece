import assert from 'node:assert/strict';
import test from 'node:test';
import { hashToRow, isMadeWith, rowToHash } from '../../www/page/row-link.js';
import { categories, numbers } from './samples.js';

const DIGEST = '32d39a44a8541234567890';
const FEATURES = [
  numbers('sepal length (cm)'), numbers('x=y&z;#', { takesMissing: false }), categories('岛', { 'a b': 3, '': 0, '1;2': 1, never: 0 }),
  numbers('__proto__'), categories('sex', { f: 1 }, { takesMissing: true }),
];

test('a row comes back from its link as it was, whatever features are called', () => {
  const row = Object.fromEntries([
    ['sepal length (cm)', -1.25e-7], ['x=y&z;#', 0], ['岛', '1;2'], ['__proto__', 4], ['sex', null],
  ]);
  const hash = rowToHash(row, DIGEST);
  assert.match(hash, /^#row\?[\x21-\x7e]+$/);
  assert.doesNotMatch(hash, /[!'*]/);
  const link = hashToRow(hash, FEATURES);
  assert.deepEqual(link, { row, model: DIGEST.slice(0, 12), problems: [] });
  assert.ok(Object.hasOwn(link.row, '__proto__'));
});

test('every number comes back with the same bits', () => {
  for (const value of [0.1, -0, 5e-324, 1.7976931348623157e308, 1 / 3, 123456789012345680000]) {
    const link = hashToRow(rowToHash({ a: value }), [numbers('a')]);
    // The text of -0 is 0.
    assert.equal(link.row.a, value === 0 ? 0 : value);
  }
});

test('signs at which messengers cut a link are encoded', () => {
  assert.equal(rowToHash({ "a!'*": 1 }), '#row?a%21%27%2A=1');
});

test('another hash is no row', () => {
  for (const hash of ['', '#train', '#row', '#rows?a=1']) assert.equal(hashToRow(hash, FEATURES), null, hash);
});

test('a damaged link gives what can be taken, and says what cannot', () => {
  const [a, b] = [numbers('a', { takesMissing: false }), categories('b', { x: 1, y: 0 })];
  const cases = [
    ['a=1&b=x', { a: 1, b: 'x' }, []],
    ['a=1&b=x&&', { a: 1, b: 'x' }, []],
    ['b=x&a', { b: 'x' }, [['malformed', 'a', ''], ['absent', 'a', '']]],
    ['b=x&a=%E0%A4%A', { b: 'x' }, [['malformed', 'a=%E0%A4%A', ''], ['absent', 'a', '']]],
    ['a=1&b=x&c=2', { a: 1, b: 'x' }, [['unknownFeature', 'c', '2']]],
    ['a=1&a=2&b=x', { a: 1, b: 'x' }, [['repeated', 'a', '2']]],
    ['a=two&a=2&b=x', { b: 'x' }, [['notANumber', 'a', 'two'], ['repeated', 'a', '2']]],
    ['a=1&b=x&=3', { a: 1, b: 'x' }, [['unknownFeature', '', '3']]],
    ['a=&b=x', { b: 'x' }, [['notMissing', 'a', '']]],
    ['a=0x10&b=x', { b: 'x' }, [['notANumber', 'a', '0x10']]],
    ['a=1e999&b=x', { b: 'x' }, [['notANumber', 'a', '1e999']]],
    ['a=%20&b=x', { b: 'x' }, [['notANumber', 'a', ' ']]],
    ['a=.5&b=y', { a: 0.5 }, [['unseenCategory', 'b', 'y']]],
    ['a=1&b=z', { a: 1 }, [['unseenCategory', 'b', 'z']]],
    ['', {}, [['absent', 'a', ''], ['absent', 'b', '']]],
  ];
  for (const [pairs, row, problems] of cases) {
    const link = hashToRow(`#row?${pairs}`, [a, b]);
    assert.deepEqual(link.row, row, pairs);
    assert.deepEqual(link.problems.map(({ kind, feature, value }) => [kind, feature, value]), problems, pairs);
    assert.equal(link.model, null, pairs);
  }
});

test('a category is taken with its own type', () => {
  const feature = { ...categories('floor', {}), categories: [{ category: 2, rows: 5 }] };
  assert.deepEqual(hashToRow('#row?floor=2', [feature]).row, { floor: 2 });
});

test('a link says with which model it was made, or does not', () => {
  const [mine] = [numbers('a')];
  assert.equal(isMadeWith(hashToRow(rowToHash({ a: 1 }, DIGEST), [mine]), DIGEST), true);
  assert.equal(isMadeWith(hashToRow(rowToHash({ a: 1 }, DIGEST), [mine]), `4${DIGEST.slice(1)}`), false);
  assert.equal(isMadeWith(hashToRow(rowToHash({ a: 1 }), [mine]), DIGEST), null);
  assert.equal(hashToRow('#row?a=1;more=2;model=abc', [mine]).model, 'abc');
});

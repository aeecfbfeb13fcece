import assert from 'node:assert/strict';
import test from 'node:test';
import { classesOf, given, mayBeBinary, thresholdRule } from '../../www/page/train-options.js';
import { usualTarget } from '../../www/page/training-tables.js';

const category = (distinct, ...names) => ({
  kind: 'category', distinct, categories: names.map((name) => ({ category: name, rows: 1 })),
});
const number = (...histogram) => ({ kind: 'number', histogram });

test('the classes of a column are known when its profile lists them all', () => {
  const cases = [
    ['in sorted order', category(2, 'yes', 'no'), ['no', 'yes']],
    ['more than are listed', category(3, 'yes', 'no'), []],
    ['numbers', number(1, 0, 1), []],
    ['no column', undefined, []],
  ];
  for (const [name, column, classes] of cases) assert.deepEqual(classesOf(column), classes, name);
});

test('two classes may be told apart in a column of two values', () => {
  const cases = [
    ['two categories', category(2, 'a', 'b'), true],
    ['three', category(3, 'a', 'b', 'c'), false],
    ['one', category(1, 'a'), false],
    ['numbers at the ends of their range', number(5, 0, 0, 7), true],
    ['numbers between them', number(5, 0, 1, 7), false],
    ['no column', undefined, false],
  ];
  for (const [name, column, isBinary] of cases) assert.equal(mayBeBinary(column), isBinary, name);
});

test('an entry of the form becomes the rule that the engine takes', () => {
  const boxes = { value: 0.8, falsePositive: 1, falseNegative: 5 };
  const cases = {
    '': undefined, fixed: 0.8, youden: 'youden', f1: 'f1', sensitivity: { sensitivity: 0.8 }, specificity: { specificity: 0.8 },
    cost: { falsePositive: 1, falseNegative: 5 },
  };
  for (const [rule, expected] of Object.entries(cases)) assert.deepEqual(thresholdRule({ rule, ...boxes }), expected, rule);
});

test('options that were not touched are left out, and false and 0 are not', () => {
  assert.deepEqual(given({ target: 'y', l2: 0, intercept: false, seed: undefined }), { target: 'y', l2: 0, intercept: false });
});

test('a table is trained on its last column, or on the one that is known of a table of the page', () => {
  const cases = [
    ['mine.csv', ['a', 'species', 'b'], 'b'],
    ['penguins.csv', ['species', 'island', 'year'], 'species'],
    ['penguins.csv', ['island', 'year'], 'year'],
    ['empty.csv', [], ''],
  ];
  for (const [name, columns, target] of cases) assert.equal(usualTarget(name, columns), target, `${name} ${columns}`);
});

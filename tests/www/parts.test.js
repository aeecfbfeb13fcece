import assert from 'node:assert/strict';
import test from 'node:test';
import { partsOf } from '../../www/plots/parts.js';

const explanation = (baseline, score, ...contributions) => ({
  baseline, score, contributions: contributions.map((contribution, i) => ({ feature: 'abcdef'[i], contribution })),
});

test('the largest part comes first, whatever its sign, and the others are as long as their share of it', () => {
  const { shown, rest } = partsOf(explanation(1, 3, 0.5, -2, 4), 5);
  assert.deepEqual(shown.map(({ feature, size }) => [feature, size]), [['c', 1], ['b', 0.5], ['a', 0.125]]);
  assert.equal(rest, null);
});

test('what is not shown one by one is one part more, and all of them end at the score', () => {
  const { shown, rest } = partsOf(explanation(0, 10, 1, 4, 2, 3), 2);
  assert.deepEqual(shown.map(({ contribution }) => contribution), [4, 3]);
  assert.deepEqual(rest, { feature: '', contribution: 3, size: 0.75, count: 2 });
});

test('many small parts together may be the longest', () => {
  const { shown, rest } = partsOf(explanation(0, 5, 1, 1, 1, 1, 1), 1);
  assert.deepEqual([shown[0].size, rest?.size], [0.25, 1]);
});

test('of equal parts those that come first are shown first', () => {
  const { shown } = partsOf(explanation(0, 3, 1, -1, 1, -1, 3), 3);
  assert.deepEqual(shown.map(({ feature }) => feature), ['e', 'a', 'b']);
});

test('as many decimals are shown as tell the parts apart', () => {
  const cases = [[1000, 0], [10, 1], [1, 2], [0.5, 3], [0.001, 5], [1e-30, 10], [0, 2]];
  for (const [size, decimals] of cases) assert.equal(partsOf(explanation(0, size, size), 3).decimals, decimals, `${size}`);
});

test('features that add nothing have bars of no length', () => {
  assert.deepEqual(partsOf(explanation(2, 2, 0), 3).shown.map(({ size }) => size), [0]);
});

test('a model without features has no parts', () => {
  assert.deepEqual(partsOf(explanation(2, 2), 3).shown, []);
});

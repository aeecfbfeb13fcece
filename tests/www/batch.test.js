import assert from 'node:assert/strict';
import test from 'node:test';
import { columnsShown, featuresShown, predictionsFileName, problemsShown, shortened, unmatched } from '../../www/page/batch.js';

const names = (count) => Array.from({ length: count }, (_, i) => `c${i}`);
const matching = (columns, features, preview = []) => ({
  columns, preview, notes: [], features: features.map((column, i) => ({ feature: `f${i}`, column, suggestion: null })),
});
const problem = (row, column) => ({ row, cells: [], prediction: null, problems: [{ column, message: 'no' }] });

test('all columns of a narrow file are shown', () => {
  assert.deepEqual(columnsShown(matching(names(3), ['c1'])), [0, 1, 2]);
  assert.equal(columnsShown(matching(names(60), [])).length, 60);
});

test('of a wide file columns with problems come first, then those that are read, in the order of the file', () => {
  const shown = columnsShown(matching(names(1000), ['c500', null], [problem(2, 'c900'), problem(3, null)]));
  assert.equal(shown.length, 60);
  assert.deepEqual(shown.slice(-2), [500, 900]);
  assert.deepEqual(shown.slice(0, 58), Array.from({ length: 58 }, (_, i) => i));
});

test('of many features those without a column come first', () => {
  const features = Array.from({ length: 300 }, (_, i) => (i === 299 || i === 7 ? null : 'c'));
  const shown = featuresShown(matching(['c'], features));
  assert.equal(shown.length, 200);
  assert.deepEqual(shown.slice(0, 3), [7, 299, 0]);
  assert.deepEqual(featuresShown(matching(['c'], ['c', null])), [0, 1]);
  assert.equal(unmatched(matching(['c'], features)), 2);
});

test('forty problems are listed, and the others counted', () => {
  const preview = Array.from({ length: 45 }, (_, i) => problem(i + 2, 'a'));
  const { shown, others } = problemsShown(matching(['a'], [], preview));
  assert.deepEqual([shown.length, others], [40, 5]);
  assert.deepEqual(shown[0], { row: 2, column: 'a', message: 'no' });
  assert.equal(problemsShown(matching(['a'], [], preview.slice(0, 3))).others, 0);
});

test('a long cell is cut between letters', () => {
  assert.equal(shortened('a'.repeat(80)), 'a'.repeat(80));
  assert.equal(shortened('a'.repeat(81)), `${'a'.repeat(79)}…`);
  // A letter of two places that would be cut in half is left out.
  assert.equal(shortened(`${'a'.repeat(79)}😀b`), `${'a'.repeat(79)}…`);
});

test('predictions are called after the file of rows', () => {
  const cases = [['rows.csv', 'rows-predictions.csv'], ['a.b.tsv', 'a.b-predictions.csv'], ['.csv', 'rows-predictions.csv']];
  for (const [name, expected] of cases) assert.equal(predictionsFileName(name), expected, name);
});

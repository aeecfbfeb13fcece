import assert from 'node:assert/strict';
import test from 'node:test';
import {
  coded, codedRow, likeliest, mostTelling, patches, planeOf, planeRows, STEPS,
} from '../../www/plots/grid.js';
import { categories, numbers } from './samples.js';

test('the plane goes a twentieth beyond the training range on each side', () => {
  const { xs, ys, across, upward } = planeOf([numbers('a'), numbers('b', { minimum: -20, maximum: 0 })], 0, 1);
  assert.deepEqual([across, upward, xs.length, ys.length], [0, 1, STEPS, STEPS]);
  assert.deepEqual([xs[0], xs.at(-1)], [-0.5, 10.5]);
  assert.deepEqual([ys[0], ys.at(-1)], [-21, 1]);
});

test('a feature of one value has a plane around it', () => {
  const { xs } = planeOf([numbers('a', { minimum: 3, maximum: 3 })], 0, 0);
  assert.deepEqual([xs[0], xs.at(-1)], [2, 4]);
});

test('categories have no plane', () => {
  assert.throws(() => planeOf([categories('sex', { f: 1 })], 0, 0), /sex holds no numbers/);
});

test('a value is coded as the engine takes it', () => {
  const sex = categories('sex', { female: 3, male: 4 });
  const cases = [
    [numbers('age'), 7.5, 7.5],
    [numbers('age'), null, Number.NaN],
    [numbers('isIt'), true, 1],
    [sex, 'female', 0],
    [sex, 'male', 1],
    [sex, 'other', 2],
    [sex, null, Number.NaN],
  ];
  for (const [feature, value, code] of cases) assert.equal(coded(feature, value), code, `${feature.name} ${value}`);
});

test('a row is coded in the order of the features, and what it lacks is missing', () => {
  const features = [categories('sex', { f: 1, m: 1 }), numbers('age'), numbers('bmi')];
  assert.deepEqual(codedRow(features, { age: 7, sex: 'm' }), [1, 7, Number.NaN]);
});

test('the rows of a plane go from the lowest upward and each from left to right', () => {
  const plane = { across: 2, upward: 1, xs: [1, 2], ys: [10, 20] };
  assert.deepEqual([...planeRows(plane, [7, 0, 0])], [7, 10, 1, 7, 10, 2, 7, 20, 1, 7, 20, 2]);
});

test('cells beside each other that look the same are one patch', () => {
  const looks = [
    { group: 0, shade: 1 }, { group: 0, shade: 0.98 }, { group: 1, shade: 1 },
    { group: 1, shade: 0.5 }, { group: 1, shade: 1 }, { group: 1, shade: 1 },
  ];
  const found = patches({ across: 0, upward: 1, xs: [3, 4, 5], ys: [10, 20] }, (cell) => looks[cell], 4);
  assert.deepEqual(found, [
    { x1: 2.5, x2: 4.5, y1: 5, y2: 15, group: 0, shade: 1 },
    { x1: 4.5, x2: 5.5, y1: 5, y2: 15, group: 1, shade: 1 },
    { x1: 2.5, x2: 3.5, y1: 15, y2: 25, group: 1, shade: 0.5 },
    { x1: 3.5, x2: 5.5, y1: 15, y2: 25, group: 1, shade: 1 },
  ]);
});

test('the likeliest class of a cell is the first of the largest probabilities', () => {
  const probabilities = Float64Array.of(0.1, 0.2, 0.7, 0.4, 0.4, 0.2, 0.1, 0.6, 0.3);
  assert.deepEqual(likeliest(probabilities, 0, 3), { group: 2, probability: 0.7 });
  assert.deepEqual(likeliest(probabilities, 1, 3), { group: 0, probability: 0.4 });
  assert.deepEqual(likeliest(probabilities, 2, 3), { group: 1, probability: 0.6 });
});

test('the most telling features are the two of numbers with the largest importance', () => {
  const cases = [
    ['by importance', [['a', 1], ['b', 3], ['c', 2]], ['b', 'c']],
    ['the first of equals', [['a', 2], ['b', 2], ['c', 2]], ['a', 'b']],
    ['without any importance', [['a', 0], ['b', 0]], ['a', 'b']],
    ['a constant one never', [['a', 9, { constant: true }], ['b', 1], ['c', 2]], ['c', 'b']],
    ['one is not two', [['a', 1]], ['a']],
  ];
  for (const [name, list, expected] of cases) {
    const features = list.map(([feature, importance, facts]) => numbers(feature, { importance, ...facts }));
    assert.deepEqual(mostTelling(features).map((at) => features[at].name), expected, name);
  }
});

test('categories are not the most telling features, whatever their importance', () => {
  const features = [categories('sex', { f: 1 }, { importance: 9 }), numbers('a'), numbers('b')];
  assert.deepEqual(mostTelling(features), [1, 2]);
});

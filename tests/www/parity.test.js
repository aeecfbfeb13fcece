import assert from 'node:assert/strict';
import test from 'node:test';
import { largestDifference, numbers } from '../../www/page/parity.js';

const classes = (probabilities) => ({
  prediction: 'a', probability: 1, probabilities: Object.entries(probabilities).map(([name, probability]) => ({ class: name, probability })),
});

test('two predictions differ by the largest difference of their numbers', () => {
  const cases = [
    ['the same values', { prediction: 0.1 }, { prediction: 0.1 }, 0],
    ['values', { prediction: 1 }, { prediction: 1.5 }, 0.5],
    ['0 and -0, which differ in a bit', { prediction: 0 }, { prediction: -0 }, Number.MIN_VALUE],
    ['the same classes', classes({ a: 0.25, b: 0.75 }), classes({ b: 0.75, a: 0.25 }), 0],
    ['classes', classes({ a: 0.25, b: 0.75 }), classes({ a: 0.5, b: 0.5 }), 0.25],
    ['other classes', classes({ a: 0.25, b: 0.75 }), classes({ a: 0.25, c: 0.75 }), null],
    ['more classes', classes({ a: 1 }), classes({ a: 1, b: 0 }), null],
    ['a class and a value', classes({ a: 1 }), { prediction: 1 }, null],
  ];
  for (const [name, device, server, difference] of cases) assert.equal(largestDifference(device, server), difference, name);
});

test('the numbers of a prediction are by class', () => {
  assert.deepEqual([...numbers(classes({ a: 0.25, b: 0.75 }))], [['a', 0.25], ['b', 0.75]]);
  assert.deepEqual([...numbers({ prediction: 3 })], [['', 3]]);
});

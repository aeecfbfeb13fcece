// Dates in the form's boxes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { dateText, readDate } from '../../www/shared/dates.js';

const DAY = 19_874;

test('a date is read however it is written without doubt', () => {
  for (const typed of ['2024-05-31', ' 2024-5-31 ', '2024/05/31', '31.5.2024', '2024-05-31 0:00', '2024-05-31T00:00:00']) {
    assert.deepEqual(readDate(typed), { value: DAY, hasComma: false }, typed);
  }
  assert.deepEqual(readDate('2024-05-31 6:00'), { value: DAY + 0.25, hasComma: false });
  assert.deepEqual(readDate('0099-01-01'), { value: -683_368, hasComma: false });
});

test('a date with slashes is read where it is one only, or as the training table has it', () => {
  for (const typed of ['31/5/2024', '5/31/2024']) {
    for (const written of [null, '31/05/2024', '05/31/2024']) {
      assert.deepEqual(readDate(typed, written), { value: DAY, hasComma: false }, typed);
    }
  }
  assert.deepEqual(readDate('5/5/2024'), readDate('2024-05-05'));
  assert.deepEqual(readDate('3/4/2024', '31/05/2024'), readDate('2024-04-03'));
  assert.deepEqual(readDate('3/4/2024', '05/31/2024'), readDate('2024-03-04'));
  for (const written of [null, '2024-05-31', '45443 (2024-05-31)']) {
    assert.deepEqual(readDate('3/4/2024', written), { problem: 'eitherDate' });
  }
});

test('what is no date is refused', () => {
  assert.deepEqual(readDate('  '), { problem: 'empty' });
  for (const typed of ['2023-02-29', '31/31/2024', '2024-31-05', '1-2-3', '5.31.2024', '2024-13-01', '2024-05-31 25:00', '19874', '31.5.24', 'soon', '2024-05']) {
    assert.deepEqual(readDate(typed), { problem: 'notADate' }, typed);
  }
});

test('what is written is read as the same number, to the millisecond', () => {
  assert.equal(dateText(DAY), '2024-05-31');
  assert.equal(dateText(DAY + 0.5), '2024-05-31 12:00');
  assert.equal(dateText(-0.25), '1969-12-31 18:00');
  for (const days of [0, -1, DAY + 0.1, DAY + 1 / 86_400, DAY + 1 / 86_400_000, -719_528]) {
    assert.deepEqual(readDate(dateText(days)), { value: Math.round(days * 864e5) / 864e5, hasComma: false }, String(days));
  }
  for (const days of [Number.NaN, Infinity, 1e300]) assert.equal(dateText(days), String(days));
});

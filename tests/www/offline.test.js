import assert from 'node:assert/strict';
import test from 'node:test';
import { isSparing } from '../../www/page/offline.js';

test('what a visitor may never use is stored only where the line is not known to be slow or dear', () => {
  const cases = [
    ['a browser that says nothing', undefined, false],
    ['a fast line', { saveData: false, effectiveType: '4g' }, false],
    ['data is saved', { saveData: true, effectiveType: '4g' }, true],
    ['a slow line', { saveData: false, effectiveType: '3g' }, true],
    ['a mobile line', { saveData: false, type: 'cellular', effectiveType: '4g' }, true],
  ];
  for (const [name, line, expected] of cases) assert.equal(isSparing(line), expected, name);
});

// What the engine notes: its codes and sentences, and their words in Chinese.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { afterEach } from 'node:test';
import { noted } from '../../www/i18n/noted.js';
import { loadWords } from '../../www/i18n/text.js';
import { noteCodes } from '../../www/i18n/texts/en/notes.js';
import { notes } from '../../www/i18n/texts/zh/notes.js';

const source = readFileSync(new URL('../../src/note/codes.rs', import.meta.url), 'utf8');

/** The engine's codes, but that of sentences which have none. */
const ENGINE = [...source.matchAll(/^ {4}[A-Z0-9_]+ = "(\w+)", (\w+),\s*("(?:[^"\\]|\\[^])*");/gm)]
  .map(([, code, level, sentence]) => [code, [level.toLowerCase(), JSON.parse(sentence.replaceAll(/\\\n\s*/g, ''))]])
  .filter(([code]) => code !== 'text');

/** A sentence as the engine writes it, with a name, or a number of rows, in each gap. */
const filled = (sentence) => sentence.replaceAll('{q}', '"a b"').replaceAll('{rows}', '7 rows').replaceAll('{}', '12');

await loadWords('en');
afterEach(() => loadWords('en'));

test('the codes, levels and sentences are those of the engine', () => {
  assert.ok(ENGINE.length > 60, `${ENGINE.length}`);
  assert.deepEqual(Object.entries(noteCodes), ENGINE);
});

test('every sentence is found by its own pattern, and stays as it is in English', async () => {
  for (const [code, [level, sentence]] of ENGINE) {
    assert.deepEqual(noted(filled(sentence)), { level, text: filled(sentence) }, code);
  }
  assert.deepEqual(noted('of a later version, 7'), { level: 'info', text: 'of a later version, 7' });
});

test('every note has words in Chinese, with all that its sentence has', async () => {
  assert.deepEqual(Object.keys(notes).sort(), Object.keys(noteCodes).sort());
  await loadWords('zh');
  // Two sentences for numbers and texts differ by quotes only.
  const alike = ['all_one_text', 'present_one_text'];
  for (const [code, [level, sentence]] of ENGINE) {
    const { level: found, text } = noted(filled(sentence));
    assert.equal(found, level, code);
    assert.match(text, /[\u4e00-\u9fff]/, code);
    const gaps = (pattern) => [...filled(sentence).matchAll(pattern)].length;
    for (const [gap, pattern] of [['a b', /a b/g], ['12', /\b12\b/g], ['7 ', /\b7 rows/g]]) {
      assert.equal([...text.matchAll(new RegExp(gap, 'g'))].length, gaps(pattern), `${code}: ${text}`);
    }
    if (!alike.includes(code)) assert.equal(notes[code].length, gaps(/a b|\b12\b|\b7 rows/g), code);
  }
});

test('what stands in a gap is said too', async () => {
  const cases = [
    ['column "w": numbers were read as people write them, "7kg" as 7', '列“w”：数值按人们的写法读取，"7kg" 读作 7'],
    ['column "tags" holds lists, so it was left out', '列“tags”的内容是列表，已略去'],
    ['class "a" has no row to test on', '类别“a”只有 0 行可供检验'],
    ['column "a "b" c": cells such as "5\'10"" were read as numbers; if they are codes, make it a category, and of the target classes (--task classification)',
      '列“a "b" c”：“5\'10"”之类的单元格按数值读取；若是编号，请设为类别；目标列请用 --task classification'],
    ['1 row: on other rows the errors may be quite different', '只有 1 行：在其他行上误差可能大不相同'],
  ];
  await loadWords('zh');
  for (const [sentence, chinese] of cases) assert.equal(noted(sentence).text, chinese);
});

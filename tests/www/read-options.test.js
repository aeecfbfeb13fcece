// How a file is written down: what is entered, what is found, and what messages name.
import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { explainReading, readSentence, withControls } from '../../www/i18n/read-words.js';
import { loadWords } from '../../www/i18n/text.js';
import { areSame, entriesOf, haveSameColumns, readOptions } from '../../www/page/read-options.js';

const EMPTY = { delimiter: '', character: '', decimal: '', header: '', skip: Number.NaN, missing: '', sheet: '' };
const FOUND = { delimiter: ';', decimal: 'comma', header: true, skip: 0, missing: ['NA'] };

/** A file that is read so. */
const chosen = (readOptions, translation = null) => ({ readOptions, translation });

await loadWords('en');
afterEach(() => loadWords('en'));

test('what is left to the engine is no option', () => {
  assert.deepEqual(readOptions(EMPTY), {});
  assert.deepEqual(readOptions({ ...EMPTY, character: '#', missing: ' , ' }), {});
});

test('what is entered becomes options, and stands in the controls again', () => {
  const cases = [
    [{ delimiter: '\t', decimal: 'comma' }, { delimiter: '\t', decimal: 'comma' }],
    [{ delimiter: 'other', character: '~' }, { delimiter: '~' }],
    [{ header: 'no', skip: 0 }, { header: false, skip: 0 }],
    [{ header: 'yes', missing: '-9, n.a.' }, { header: true, missing: ['-9', 'n.a.'] }],
  ];
  for (const [entered, options] of cases) {
    assert.deepEqual(readOptions({ ...EMPTY, ...entered }), options);
    assert.deepEqual(entriesOf(options), { ...EMPTY, ...entered });
  }
});

test('words for a missing value are separated by commas of either width, and count once', () => {
  assert.deepEqual(readOptions({ ...EMPTY, missing: '缺失，无,无 , x y' }), { missing: ['缺失', '无', 'x y'] });
});

test('options are the same when the controls are, and keep columns when they cut rows alike', () => {
  assert.ok(areSame({}, { missing: [] }) && areSame({ delimiter: ';' }, { delimiter: ';' }));
  assert.ok(!areSame({}, { header: false }) && !areSame({ skip: 0 }, {}));
  assert.ok(haveSameColumns({ delimiter: ';' }, { delimiter: ';', decimal: 'comma', missing: ['x'] }));
  for (const other of [{ delimiter: ',' }, { header: false }, { skip: 1 }, { sheet: 'May' }]) assert.ok(!haveSameColumns({}, other));
});

test('how a file is read is said in words, with what was chosen for missing values', async () => {
  const cases = [
    [FOUND, {}, 'Read as: semicolons, decimal comma, header in row 1'],
    [{ ...FOUND, delimiter: '\t', decimal: 'point', skip: 2 }, {}, 'Read as: tabs, decimal point, header in row 3'],
    [{ ...FOUND, delimiter: '~', header: false }, {}, 'Read as: “~” between cells, decimal comma, no header'],
    [{ ...FOUND, header: false, skip: 1 }, {}, 'Read as: semicolons, decimal comma, no header, first line left out'],
    [FOUND, { missing: ['-9', 'x'] }, 'Read as: semicolons, decimal comma, header in row 1, missing: -9, x'],
  ];
  for (const [read, options, sentence] of cases) assert.equal(readSentence(read, chosen(options)), sentence);
  const sheet = { format: 'workbook', sheet: 'May' };
  assert.equal(readSentence({ ...FOUND, skip: 2 }, chosen({ missing: ['x'] }, sheet)), 'Read as: sheet “May”, header in row 3, missing: x');
  assert.equal(readSentence(FOUND, chosen({}, { format: 'parquet' })), 'Read as: Parquet');
  assert.equal(readSentence(FOUND, chosen({}, { format: 'json-lines' })), 'Read as: JSON lines');
  await loadWords('zh');
  assert.equal(readSentence(FOUND, chosen({})), '读取方式：分号分隔，以逗号作小数点，标题在第 1 行');
});

test('an option that a message names is the control of the page, in both languages', async () => {
  const skip = 'a line seems to stand above the header; leave it out (--skip 1)';
  const decimal = 'which may be 1.009 or 1009; say which (--decimal point or --decimal comma)';
  assert.equal(withControls(skip), 'a line seems to stand above the header; leave it out (“Lines above the header: 1”)');
  assert.match(withControls(decimal), /\(“Decimal sign: point” or “Decimal sign: comma”\)$/);
  assert.equal(withControls('call it missing (--missing), or give --header yes'),
    'call it missing (“Words for a missing value”), or give “Header row: yes”');
  assert.equal(withControls('-- and --decimals and --test 3'), '-- and --decimals and --test 3');
  assert.equal(explainReading(new Error('give another --delimiter')), 'Give another “Cells are separated by”');
  assert.equal(withControls('train the model with --impute-always'),
    'train the model with “Allow missing values also in columns that are complete in this table”');
  await loadWords('zh');
  assert.match(withControls(skip), /\(“标题上方的行数：1”\)$/);
  assert.match(withControls(decimal), /\(“小数点符号：句点” or “小数点符号：逗号”\)$/);
});

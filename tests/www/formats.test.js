// Other formats than CSV: tests/formats/README.md says what the files hold.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { unzipSync, zipSync } from 'fflate';
import { crc32 } from '../../www/formats/crc32.js';
import { halfOf, shortestSingle, wholeOf } from '../../www/formats/parquet-values.js';
import { decompressLz4, decompressLz4Raw } from '../../www/formats/lz4.js';
import { dateText, kindOfCode, percentText, placeName, unitsOfCode } from '../../www/formats/sheet.js';
import { translate } from '../../www/formats/table-file.js';

const bytesOf = (name) => readFileSync(new URL(`../formats/${name}`, import.meta.url));
const blobOf = (...parts) => new Blob(parts);
const read = (blob, sheet) => translate(blob, sheet, async () => {});
const readFile = (name, sheet) => read(blobOf(bytesOf(name)), sheet);

/** The cells of a CSV file, of which only one here has line ends in it. */
function cells(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (quoted === undefined && plain === '' && end === '') break;
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

/** Numbers may be written in two ways. */
const meaning = (rows) => rows.map((row) => row.map((cell) => (/^-?\d{1,9}(\.\d+)?(e-?\d+)?$/.test(cell) ? String(Number(cell)) : cell)));

const SAME = ['none', 'snappy', 'zstd', 'gzip', 'lz4', 'pages'].map((name) => `${name}.parquet`).concat('table.jsonl');

test('one table has the same cells in every format', async () => {
  const expected = meaning(cells(bytesOf('table.csv').toString()));
  assert.equal(expected.length, 121);
  for (const name of [...SAME, 'table.xlsx']) {
    const { table, reading } = await readFile(name, name.endsWith('xlsx') ? 'people' : undefined);
    assert.deepEqual(meaning(cells(await table.text())), expected, name);
    const hasNumbers = expected[0].filter((_, place) => reading.numberColumns[place]);
    assert.ok(['age', 'income', 'score', 'ratio', 'small', 'price'].every((column) => hasNumbers.includes(column)), `${name} ${hasNumbers}`);
    assert.ok(!hasNumbers.includes('city') && !hasNumbers.includes('y'), name);
    assert.equal(reading.origin, name.endsWith('xlsx') ? 'sheet' : 'records');
  }
});

test('a CSV file stays as it is, and UTF-16 becomes UTF-8', async () => {
  const { table, reading, format } = await readFile('table.csv');
  assert.deepEqual([table.size, reading, format], [bytesOf('table.csv').length, {}, 'csv']);
  const text = 'x;y\nä;😀\n';
  const utf16 = new Uint8Array(Uint16Array.from([...`\ufeff${text}`].join('').split('').map((c) => c.charCodeAt(0))).buffer);
  assert.equal(await (await read(blobOf(utf16))).table.text(), text);
  assert.equal(await (await read(blobOf(utf16.subarray(2)))).table.text(), text);
  const lines = new Uint8Array(Uint16Array.from('{"x":1}\n'.split('').map((c) => c.charCodeAt(0))).buffer);
  assert.equal((await read(blobOf(lines))).format, 'json-lines');
});

test('every type of Parquet is a number or a text', async () => {
  const { table, notes } = await readFile('types.parquet');
  assert.deepEqual(notes, [
    'column "tags" holds lists, so it was left out',
    'column "place" holds records, so it was left out',
    'column "raw" holds bytes, so it was left out',
  ]);
  assert.equal(
    await table.text(),
    'x,when,clock,half,large,unsigned,cents,y\n'
      + '1,2024-05-01 12:30:00.25,01:02:03,0.5,9007199254740992,0,-1.005,1.5\n'
      + '2,2024-05-01 12:30:00.25,01:02:03,-2,9007199254740993,1,,2.5\n'
      + '3,2024-05-01 12:30:00.25,01:02:03,65504,,18446744073709551615,12345678901234567000,3.5\n',
  );
});

test('sheets are chosen, and rows are those of the spreadsheet', async () => {
  const { table, notes, sheets, sheet } = await readFile('sheets.xlsx');
  assert.deepEqual([sheets, sheet], [['hidden', 'report', 'other'], 'report']);
  assert.deepEqual(notes, ['the sheet "report" was read, and none of "other"; --sheet chooses another']);
  const lines = (await table.text()).split('\n');
  assert.equal(lines[3], ',x,y,day,moment,clock');
  assert.equal(lines[8], ',,,,,');
  assert.equal(lines[12], ',8,17,2024-05-08,2024-05-08 12:30:00,08:02:03');
  await assert.rejects(readFile('sheets.xlsx', 'reprot'), {
    kind: 'invalid_option', message: 'no sheet is called "reprot"; the sheets are "hidden", "report", "other"',
  });
  await assert.rejects(readFile('table.xlsx', 'formulas'), {
    message: 'cell B2 is a formula without its value; open the workbook in a spreadsheet and save it',
    sheets: ['people', 'formulas', 'empty'],
  });
  await assert.rejects(readFile('table.xlsx', 'empty'), { kind: 'empty', message: 'the sheet "empty" has no cells' });
  await assert.rejects(readFile('merged.xlsx'), {
    kind: 'missing_value', message: 'the cells A4:A6 are merged into one; unmerge them, and write the value into each row',
  });
  await assert.rejects(readFile('far.xlsx'), { kind: 'limit_exceeded' });
});

test('what is no table is refused with a remedy', async () => {
  const cases = [
    ['PAR1\x15 and no more', /^the Parquet file was cut or damaged: .*; write it again$/],
    ['PARE', /^the Parquet file is encrypted; write it without encryption$/],
    ['PK\x03\x04 and no more', /^the workbook is damaged: it was cut/],
    ['TEPAL\x01', /^this is a model, not a table/],
    ['[{"x": 1}]', /^this is one JSON array; write an object of names and values on each line/],
  ];
  for (const [text, message] of cases) await assert.rejects(read(blobOf(text)), { message }, text);
  assert.equal((await read(blobOf('PAR1,y\n1,2\n'))).format, 'csv');
  await assert.rejects(read(blobOf(Uint8Array.of(0xff, 0xfe, 0, 0, 97, 0, 0, 0))), { message: 'the file is UTF-32; save it as UTF-8' });
  await assert.rejects(read(blobOf(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0))), { message: /old format/ });
  await assert.rejects(read(blobOf('x,y\n'), 'people'), { message: 'the file is no workbook, so it has no sheets' });
  const ods = zipSync({ mimetype: new Uint8Array(1), 'content.xml': new Uint8Array(1) });
  await assert.rejects(read(blobOf(ods)), { message: 'this is an OpenDocument sheet and no Excel workbook; save the table as .xlsx or as CSV' });
});

test('a Parquet file that was cut, damaged or packed otherwise is refused', async () => {
  const whole = bytesOf('zstd.parquet');
  await assert.rejects(read(blobOf(whole.subarray(0, 5000))), { message: /cut or damaged/ });
  let refused = 0;
  for (let at = 4; at < 4000; at += 97) {
    const damaged = Buffer.from(whole);
    damaged[at] ^= 0xff;
    // Many bytes are of no number: what is not refused must still be a table of the same size.
    const found = await read(blobOf(damaged)).catch((error) => error);
    if (found instanceof Error) {
      assert.match(found.message, /(the Parquet file was cut or damaged|the column has bytes that are no text|a date lies)/, `${at}`);
      refused += 1;
    } else {
      assert.equal(cells(await found.table.text()).length, 121, `${at}`);
    }
  }
  assert.ok(refused > 15, `${refused}`);
  await assert.rejects(readFile('brotli.parquet'), {
    column: 'id', message: 'column "id": the column is compressed by brotli, which is not read; write it with snappy, zstd, gzip or lz4',
  });
});

const workbook = (changes) => blobOf(zipSync({ ...unzipSync(bytesOf('sheets.xlsx')), ...changes }));
const sheetXml = (rows) => Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`);

test('LZ4 blocks are of the length that they should have', () => {
  // The letter a, repeated by an overlapping match, and two literals.
  const block = Uint8Array.of(0x13, 97, 1, 0, 0x20, 98, 99);
  const text = (bytes) => Buffer.from(bytes).toString();
  assert.equal(text(decompressLz4Raw(block, 10)), 'aaaaaaaabc');
  assert.equal(text(decompressLz4(Uint8Array.of(0, 0, 0, 10, 0, 0, 0, 7, ...block), 10)), 'aaaaaaaabc');
  assert.equal(text(decompressLz4(block, 10)), 'aaaaaaaabc');
  for (const [bytes, length] of [[block, 9], [block, 11], [block.subarray(0, 6), 10], [Uint8Array.of(0x13, 97, 2, 0, 0x20, 98, 99), 10], [[], 1]]) {
    assert.throws(() => decompressLz4Raw(Uint8Array.from(bytes), length), /LZ4/);
  }
});

test('cells of a workbook are read by what they are, or refused by their place', async () => {
  const rows = '<x:row r="2"><x:c r="B2" t="inlineStr"><x:is><x:t>a_x000A_b &amp; c</x:t><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c>'
    + '<x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c t="str"><x:f>A1</x:f><x:v></x:v></x:c><x:c><x:v>1.50</x:v></x:c></x:row>';
  const { table, reading } = await read(workbook({ 'xl/worksheets/sheet2.xml': sheetXml(rows) }));
  assert.equal(await table.text(), '\n,"a\nb & c",true,#N/A,,1.5\n');
  assert.deepEqual(reading.numberColumns, [false, false, false, false, false, true]);
  const refused = [
    ['<row r="1"><c r="A1"><f>B1</f></c></row>', /^cell A1 is a formula without its value/],
    ['<row r="1"><c r="B1" s="99"><v>45000</v></c></row>', /^cell B1 has a style that the workbook does not have/],
    ['<row r="1"><c r="B1" s="1"><v>-3</v></c></row>', /^cell B1 has a date that Excel does not have, -3$/],
    ['<row r="1"><c r="A1" t="s"><v>99</v></c></row>', /cell A1 has no text/],
    ['<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', /its cells are not in order/],
    ['<row r="1"><c r="A1"><v>1</v>', /sheet2.xml/],
    ['<row r="1"><c r="ZZZ1"><v>1</v></c></row>', /beyond the last of a sheet/],
    ['<row r="1"><c r="$B$2"><v>1</v></c></row>', /a cell called/],
    ['<row r="1"><c r="A1" t="b"><v>yes</v></c></row>', /cell A1 is no flag/],
    ['<row r="1"><c r="A1" t="n"><v>0x10</v></c></row>', /cell A1 is no number/],
    ['<row r="1"><c r="A1" t="str"><f>B1</f></c></row>', /^cell A1 is a formula without its value/],
    ['<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>', /an entity that XML does not have/],
  ];
  for (const [rows, message] of refused) {
    await assert.rejects(read(workbook({ 'xl/worksheets/sheet2.xml': sheetXml(rows) })), { message }, rows);
  }
});

test('what is odd in a workbook and has one meaning is read', async () => {
  const rows = '<row r="1"><c r="a1" t="str"><v>&#128512;&#x41;\r\n</v></c><c t="b"><v>false</v></c><c><v>1.234</v></c></row>'
    + '<row r="2"><c r="A2"><v>-0</v></c><c r="C2" t="str"><v>1.234</v></c></row>';
  const styles = '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs>'
    + '<dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy"/></dxf></dxfs></styleSheet>';
  const { table, reading } = await read(workbook({
    'xl/worksheets/sheet2.xml': sheetXml(rows.replace('<c><v>', '<c s="0"><v>')), 'xl/styles.xml': Buffer.from(styles),
  }));
  assert.equal(await table.text(), '"😀A\n",false,1.234\n-0,,1.234\n');
  assert.deepEqual(reading.numberColumns, [true, false, false]);
  const relations = unzipSync(bytesOf('sheets.xlsx'))['xl/_rels/workbook.xml.rels'];
  const elsewhere = (target) => workbook({
    'xl/_rels/workbook.xml.rels': Buffer.from(Buffer.from(relations).toString().replace('worksheets/sheet2.xml', target)),
    'xl/worksheets/sheet2.xml': sheetXml('<row r="1"><c r="A1"><v>7</v></c></row>'),
  });
  for (const target of ['../xl/worksheets/sheet2.xml', './Worksheets/Sheet2.xml', '/xl/worksheets/sheet%32.xml']) {
    assert.equal(await (await read(elsewhere(target))).table.text(), '7\n', target);
  }
  await assert.rejects(read(elsewhere('worksheets/none.xml')), { message: /it has no part xl\/worksheets\/none\.xml/ });
  const many = Array.from({ length: 150_000 }, (_, at) => `<row r="${at + 1}"><c r="A${at + 1}"><v>${at}</v></c></row>`).join('');
  assert.equal((await (await read(workbook({ 'xl/worksheets/sheet2.xml': sheetXml(many) }))).table.text()).split('\n').length, 150_001);
});

test('a workbook without its styles is refused where they matter', async () => {
  const { 'xl/styles.xml': _, ...parts } = unzipSync(bytesOf('sheets.xlsx'));
  await assert.rejects(read(blobOf(zipSync(parts))), { message: /^cell D5 has a style that the workbook does not have/ });
  parts['xl/worksheets/sheet2.xml'] = sheetXml('<row r="1"><c r="A1" s="0"><v>1</v></c></row>');
  assert.equal(await (await read(blobOf(zipSync(parts)))).table.text(), '1\n');
});

test('a workbook of more than memory holds, or of other bytes than its checksums say, is refused', async () => {
  const bomb = workbook({ 'xl/sharedStrings.xml': new Uint8Array(257 << 20) });
  assert.ok(bomb.size < 1 << 20);
  await assert.rejects(read(bomb), { message: 'expected at most 268435456 bytes in a part of a workbook, found 269484032' });
  const bytes = Buffer.from(zipSync(unzipSync(bytesOf('sheets.xlsx')), { level: 0 }));
  bytes[bytes.indexOf('<sheetData>') + 60] ^= 1;
  await assert.rejects(read(blobOf(bytes)), { message: /is not what its checksum says; save it again/ });
});

test('JSON lines keep digits, escapes and the numbers of rows', async () => {
  const lines = '\ufeff{"x": 1.10, "t": "a\\"b, \\u00e9"}\n\n{"n": 9007199254740993, "x": null, "list": [1, {"x": [2]}]}\n{"x":-0}';
  const { table, notes, reading } = await read(blobOf(lines));
  assert.equal(await table.text(), 'x,t,n\n1.10,"a""b, é",\n\n,,9007199254740993\n-0,,\n');
  assert.deepEqual(reading, { origin: 'records', numberColumns: [true, false, true] });
  assert.deepEqual(notes, [
    '"t" is in 1 of 3 rows, and missing in the others',
    '"n" is in 1 of 3 rows, and missing in the others',
    'column "list" has an array in 1 row and no other values, so it was left out',
  ]);
  const refused = [
    ['{"x": 1}\n{"x": [1]}\n', { row: 2, column: 'x', kind: 'not_a_number', message: /^row 2, column "x": expected a number, text, true, false or null/ }],
    ['{"x": 1, "x": 2}', { row: 1, column: 'x', kind: 'bad_header' }],
    ['{"x": 1}\n{"x": NaN}', { row: 2, message: /JSON has no NaN and no infinity: write null for a missing value$/ }],
    ['{"x": 1}\n3', { row: 2, message: /^row 2: the line is no JSON object of names and values: "found no object"/ }],
    ['{"x": "\\ud800"}', { row: 1, column: 'x', message: /lone surrogate/ }],
  ];
  for (const [text, expected] of refused) await assert.rejects(read(blobOf(text)), expected, text);
  await assert.rejects(read(blobOf('{"x": "', Uint8Array.of(0xff), '"}')), { row: 1, message: /not UTF-8/ });
  await assert.rejects(read(blobOf('{"x": 1}\n'.repeat(200_000), '{"x": "', Uint8Array.of(0xff), '"}\n')), { row: 200_001 });
  await assert.rejects(read(blobOf('{"\\ud800": 1}')), { row: 1, kind: 'bad_header' });
  await assert.rejects(read(blobOf('{}\n{"x": [1]}\n')), { kind: 'empty', message: 'the lines have no name with a number or a text' });
  const shapes = Array.from({ length: 2000 }, (_, line) => `{"n${line}": 1}`).join('\n');
  await assert.rejects(read(blobOf(shapes)), { kind: 'limit_exceeded', message: /expected lines with the same names, found/ });
});

test('a file that is not wanted any more ends', async () => {
  const lines = '{"x": 1}\n'.repeat(400_000);
  let turns = 0;
  await assert.rejects(translate(blobOf(lines), undefined, async () => {
    turns += 1;
    if (turns > 2) throw new Error('stopped');
  }), { message: 'stopped' });
});

test('numbers of few bytes are those of their shortest digits', () => {
  for (const [single, expected] of [[0.1, 0.1], [1 / 3, 0.33333334], [16777216, 16777216], [3.4e38, 3.4e38], [1e-45, 1e-45], [2 ** -96, 1.2621775e-29], [-(2 ** 87), -1.5474251e26]]) {
    assert.equal(shortestSingle(Math.fround(single)), expected);
  }
  const halves = [[0x3c00, 1], [0xc000, -2], [0x7bff, 65504], [0x0001, 2 ** -24], [0x7c00, Infinity]];
  for (const [bits, expected] of halves) assert.equal(halfOf(Uint8Array.of(bits & 255, bits >> 8)), expected);
  assert.equal(wholeOf(Uint8Array.of(0xff, 0x38)), -200n);
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
});

test('a number format is that of a date, a duration or a number', () => {
  const formats = {
    date: ['yyyy-mm-dd', 'dd.mm.yyyy hh:mm', 'h:mm AM/PM', '[$-409]d-mmm-yy;@', '[Red]m/d', 'mm:ss.0', 'yyyy"年"m"月"'],
    duration: ['[h]:mm:ss', '[mm]:ss', '[ss]'],
    percent: ['0%', '0.00 %;[Red]-0 %'],
    number: ['General', '0"%"', '0\\%', '0.00', '#,##0\\ [$₽-46D]', '"days" 0', '0_);[Red]\\(0\\)', '0.0"h"', '@', '0;0%'],
  };
  for (const [kind, codes] of Object.entries(formats)) for (const code of codes) assert.equal(kindOfCode(code), kind, code);
  for (const [number, expected] of [[0.07, '7%'], [1.1, '110%'], [-0.00035, '-0.035%'], [0, '0%']]) assert.equal(percentText(number), expected);
  const dates = [[1, '1900-01-01'], [59, '1900-02-28'], [60, '60'], [61, '1900-03-01'], [45443.5, '2024-05-31 12:00:00'], [0.25, '06:00:00']];
  for (const [serial, expected] of dates) assert.equal(dateText(serial, false, 'A1'), expected);
  assert.equal(dateText(43981, true, 'A1'), '2024-05-31');
  assert.throws(() => dateText(2957004, true, 'A1'), /a date that Excel does not have/);
  assert.equal(percentText(-0), '-0%');
  assert.equal(dateText(45443.999999999, false, 'A1'), '2024-06-01');
  assert.deepEqual([placeName(0, 0), placeName(6, 25), placeName(0, 26), placeName(1048575, 16383)], ['A1', 'Z7', 'AA1', 'XFD1048576']);
});

test('units are what stands beside the digits of a number format', () => {
  const shown = [
    ['0.0" kg"', '', 'kg'], ['[$€-407]#,##0.00', '€', ''], ['"$"#,##0.00_);[Red]("$"#,##0.00)', '$', ''],
    ['#,##0.00 [$CHF-807]', '', 'CHF'], ['General\\m', '', 'm'], ['[Red]$0.0', '$', ''],
  ];
  for (const [code, before, after] of shown) assert.deepEqual(unitsOfCode(code), { before, after }, code);
  const none = ['General', '0.00', '#,##0_);(#,##0)', '0.0,,"M"', '0.00E+00', '[Blue]0', '[$-409]0', '00"-"00', '@', '"no"', '0.0"%"'];
  for (const code of none) assert.equal(unitsOfCode(code), null, code);
});

test('units and zeros stay beside their numbers', async () => {
  const workbook = (...of) => {
    const part = (text) => new TextEncoder().encode(text);
    const relation = (id, kind, target) =>
      `<Relationship Id="r${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}"/>`;
    const row = (at, style) => `<row r="${at}"><c r="A${at}" s="${style}"><v>2</v></c><c r="B${at}" s="3"><v>3.5</v></c></row>`;
    const codes = '<numFmt numFmtId="200" formatCode="0.0&quot;kg&quot;"/><numFmt numFmtId="201" formatCode="[$€-407]0"/>'
      + '<numFmt numFmtId="202" formatCode="&quot;No. &quot;0"/><numFmt numFmtId="203" formatCode="0000"/>';
    const styles = '<xf numFmtId="0"/><xf numFmtId="200"/><xf numFmtId="201"/><xf numFmtId="202"/><xf numFmtId="203"/>';
    return new Blob([zipSync({
      '_rels/.rels': part(`<Relationships>${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`),
      'xl/workbook.xml': part('<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" r:id="r1"/></sheets></workbook>'),
      'xl/_rels/workbook.xml.rels': part(`<Relationships>${relation(1, 'worksheet', 's.xml')}${relation(2, 'styles', 'styles.xml')}</Relationships>`),
      'xl/styles.xml': part(`<styleSheet><numFmts>${codes}</numFmts><cellXfs>${styles}</cellXfs></styleSheet>`),
      'xl/s.xml': part(`<worksheet><sheetData>${of.map((style, at) => row(at + 1, style)).join('')}</sheetData></worksheet>`),
    })]);
  };
  const csv = async (...of) => await (await read(workbook(...of))).table.text();
  assert.equal(await csv(1, 2, 0, 4), '2 kg,3.5\n€2,3.5\n2,3.5\n0002,3.5\n');
  // What is no unit stays only where cells of a column differ.
  assert.equal(await csv(3, 0), '2,3.5\n2,3.5\n');
  assert.equal(await csv(3, 1), 'No.2,3.5\n2 kg,3.5\n');
});

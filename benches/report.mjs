// Prints what the other programs measured as tables: node report.mjs <folder> [--browser browser.json]

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printTable, ratio, show } from './print.mjs';
import { printScoring } from './scoring-report.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: 'string', default: 'browser.json' } },
});
const folder = positionals[0];
if (!folder) {
  console.error('usage: node report.mjs <folder> [--browser file]');
  process.exit(2);
}

function readJson(name) {
  const path = join(folder, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

const sklearn = readJson('sklearn.json');
const inBrowser = readJson(options.browser);
const native = readJson('native.json');

function measured({ name }) {
  const { tepal, plain } = inBrowser[name] ?? {};
  const reference = sklearn[name];
  const { tepal1, tepal2, linfa } = native[name] ?? {};
  // A time that did not lead to the optimum is no time to the optimum.
  const tab = tepal?.sameObjective ? tepal.milliseconds : undefined;
  return {
    name,
    tab,
    certified: tepal?.certified,
    failed: Boolean(tepal && !tepal.sameObjective),
    reference,
    plain,
    linfa,
    tepal1,
    tepal2,
    toSklearn: ratio(tab, reference?.milliseconds),
    // Where the plain solver gave up, at most this.
    toPlain: ratio(tab, plain?.milliseconds ?? plain?.limit),
    toNative1: ratio(tab, tepal1),
    toNative2: ratio(tab, tepal2),
  };
}

function plainTime(plain) {
  if (!plain) return '-';
  return plain.reached ? show(plain.milliseconds) : `not reached in ${plain.limit / 1000} s`;
}

const COLUMNS = [
  ['table', ({ name }) => name],
  ['tab ms', ({ tab, failed }) => (failed ? 'NO OPTIMUM' : show(tab))],
  ['sklearn ms', ({ reference }) => (reference ? `${show(reference.milliseconds)} (${reference.solver})` : '-')],
  ['tab/sklearn', ({ toSklearn }) => show(toSklearn)],
  ['plain JS ms', ({ plain }) => plainTime(plain)],
  ['tab/JS', ({ toPlain, plain }) => (toPlain != null && !plain.reached ? '< ' : '') + show(toPlain)],
  ['certified ms', ({ certified }) => show(certified)],
  ['linfa ms', ({ linfa }) => show(linfa)],
  ['native 1 ms', ({ tepal1 }) => show(tepal1)],
  ['native 2 ms', ({ tepal2 }) => show(tepal2)],
  ['tab/native 1', ({ toNative1 }) => show(toNative1)],
];

const AIMS = [
  ['tab/sklearn <= 1', 'toSklearn', (quotient) => quotient <= 1],
  ['tab/JS <= 1/3', 'toPlain', (quotient) => quotient <= 1 / 3],
  ['tab/native, 1 thread, >= 2', 'toNative1', (quotient) => quotient >= 2],
  ['tab/native, 2 threads, >= 2', 'toNative2', (quotient) => quotient >= 2],
];

function printAim(rows, [title, key, holds]) {
  const known = rows.filter((row) => row[key] !== undefined);
  const misses = known.filter((row) => !holds(row[key])).map((row) => `${row.name} ${show(row[key])}`);
  const unknown = rows.length - known.length;
  const verdict = known.length === 0 ? '-' : misses.length ? `misses on ${misses.join(', ')}` : 'holds';
  console.log(`${title}: ${verdict}${known.length && unknown ? ` (${unknown} tables not measured)` : ''}`);
}

const rows = JSON.parse(readFileSync(join(folder, 'tables.json'), 'utf8')).map(measured);
printTable(COLUMNS, rows);
console.log();
for (const aim of AIMS) printAim(rows, aim);
printScoring(readJson('scoring-browser.json'), readJson('scoring-native.json'), readJson('scoring-sklearn.json'));

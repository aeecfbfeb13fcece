// Times natively fits to tables of four sizes that are read again in every pass, and what memory they take (on Linux):
//   node streams.mjs <folder> [--rows 2000000,4000000,8000000,16000000] [--threads 2]
// The tables (190 bytes a row) are made one by one, and removed after their fit.

import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeTable } from './large-table.mjs';

const TEPAL = fileURLToPath(new URL('../target/release/tepal', import.meta.url));
const SAMPLE_MS = 20;
const MB = 2 ** 20;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '2000000,4000000,8000000,16000000' },
    threads: { type: 'string', default: '2' },
  },
});
const [folder] = positionals;
if (!folder) {
  console.error('usage: node streams.mjs <folder> [--rows 2000000,4000000] [--threads 2]');
  process.exit(2);
}

/** Fits to a table; how long that took, the most memory, and how many bytes were read. */
async function fit(table, model) {
  const start = performance.now();
  const args = ['train', table, '--target', 'y', '--stream', '--threads', options.threads, '-o', model];
  const child = spawn(TEPAL, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const found = { resident: 0, read: 0 };
  const sample = () => {
    try {
      const field = (file, name) =>
        Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${child.pid}/${file}`, 'utf8'))?.[1]);
      found.resident = 1024 * field('status', 'VmHWM') || found.resident;
      found.read = field('io', 'rchar') || found.read;
    } catch {
      // It has ended.
    }
  };
  const timer = setInterval(sample, SAMPLE_MS);
  const code = await ended;
  clearInterval(timer);
  if (code !== 0) throw new Error(`the fit ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, ...found };
}

console.log(`${options.threads} threads\n        rows        MB  passes  seconds a pass  ns a row and pass  total s  memory MB`);
for (const rows of options.rows.split(',').map(Number)) {
  const table = join(folder, `stream-${rows}.csv`);
  await writeTable(table, rows);
  const { size } = statSync(table);
  const { seconds, resident, read } = await fit(table, join(folder, 'stream.tepal'));
  const passes = Math.round(read / size);
  const cells = [
    [rows, 12],
    [(size / MB).toFixed(0), 10],
    [passes, 8],
    [(seconds / passes).toFixed(2), 16],
    [((1e9 * seconds) / passes / rows).toFixed(0), 19],
    [seconds.toFixed(1), 9],
    [(resident / MB).toFixed(0), 11],
  ];
  console.log(cells.map(([cell, width]) => String(cell).padStart(width)).join(''));
  rmSync(table);
}

// Copies the two libraries that draw the page's plots, with their licences, from node_modules to www/vendor.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const target = new URL('www/vendor/', root);
const FILES = {
  'd3.min.js': 'd3/dist/d3.min.js',
  'd3.LICENSE.txt': 'd3/LICENSE',
  'plot.umd.min.js': '@observablehq/plot/dist/plot.umd.min.js',
  'plot.LICENSE.txt': '@observablehq/plot/LICENSE',
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [name, source] of Object.entries(FILES)) {
  copyFileSync(fileURLToPath(new URL(`node_modules/${source}`, root)), fileURLToPath(new URL(name, target)));
}

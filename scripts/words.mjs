import { dirname } from 'node:path';

const load = ({ path }) => ({
  contents: path.endsWith('/en/later.js')
    ? "export { cases as later } from './cases.js'; export const noteCodes = {};"
    : 'export const later = {}, notes = {}, noteCodes = {};',
  resolveDir: dirname(path),
});

/** For esbuild: what only predicts has no words for the other parts of the page. */
export const wordsOfCases = { name: 'words', setup: (building) => building.onLoad({ filter: /\/(later|notes)\.js$/ }, load) };

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

const www = new URL('../www/', import.meta.url);

/** Comments, and the strings that may hold what looks like one. */
const COMMENT_OR_STRING = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

/** @param {string} source of a module */
export const withoutComments = (source) =>
  source.replaceAll(COMMENT_OR_STRING, (found) => (found.startsWith('/') ? '' : found));

/**
 * What a module of the page names, by paths in www.
 *
 * @param {string} module its path in www
 * @returns {{now: string[], later: string[], workers: string[], types: string[]}} what it imports before it can run, what
 *   it imports later, which workers it starts, and what the types in its comments are from
 */
export function importsOf(module) {
  const source = readFileSync(new URL(module, www), 'utf8');
  const code = withoutComments(source);
  const found = (/** @type {RegExp} */ pattern, /** @type {string} */ where) =>
    [...where.matchAll(pattern)].map(([, path]) => join(dirname(module), path));
  const now = found(/^(?:(?:import|export)\s[^;]*?from |import )'(\.[^']+)'/gm, code);
  const later = found(/\bimport\('(\.[^']+)'/g, code);
  const workers = found(/\bnew Worker\(new URL\('(\.[^']+)'/g, code);
  const types = found(/(?:@import\s[^']*?from |\bimport\()'(\.[^']+)'/g, source);
  return { now, later, workers, types: types.filter((path) => !later.includes(path)) };
}

/**
 * A module of the page with all that it imports before it can run, by their paths in www, without what is built: the
 * engine and the libraries in vendor.
 *
 * @param {string} entry
 * @returns {string[]}
 */
export const modulesOf = (entry) => closure(entry, ({ now }) => now);

/**
 * A module of the page with all that it may ever load, without what is built.
 *
 * @param {string} entry
 * @returns {string[]}
 */
export const reachableFrom = (entry) =>
  closure(entry, ({ now, later, workers }) => [...now, ...later, ...workers]);

/**
 * @param {string} entry
 * @param {(imports: ReturnType<typeof importsOf>) => string[]} next
 */
function closure(entry, next) {
  const found = new Set([entry]);
  for (const module of found) {
    for (const imported of next(importsOf(module))) {
      if (!/^(pkg|vendor)\//.test(imported)) found.add(imported);
    }
  }
  return [...found].sort();
}

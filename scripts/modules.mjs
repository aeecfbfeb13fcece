import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

const www = new URL('../www/', import.meta.url);

/**
 * A module of the page with all that it imports before it can run, by their paths in www.
 *
 * @param {string} entry
 * @returns {string[]}
 */
export function modulesOf(entry) {
  const found = new Set();
  const visit = (module) => {
    if (found.has(module)) return;
    found.add(module);
    const source = readFileSync(new URL(module, www), 'utf8');
    for (const [, path] of source.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)'/gm)) visit(join(dirname(module), path));
  };
  visit(entry);
  return [...found].sort();
}

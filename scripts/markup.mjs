// The page's markup is in parts, so that the page and the page in one file are put together from the same ones.
import { readFileSync } from 'node:fs';

const folder = new URL('../www/markup/', import.meta.url);

/**
 * A file of www/markup with the files that it includes, each named in a line of its own.
 *
 * @param {string} file
 * @param {string[]} [omitted] the files that are left out
 * @returns {string}
 */
export const compose = (file, omitted = []) =>
  readFileSync(new URL(file, folder), 'utf8').replaceAll(/^ *<!-- include (\S+) -->\n/gm, (_, part) =>
    omitted.includes(part) ? '' : compose(part, omitted),
  );

/** Markup without the indentation and the line ends that only its readers need. */
export const inOneLine = (/** @type {string} */ markup) => markup.trim().replaceAll(/\n\s*/g, ' ');

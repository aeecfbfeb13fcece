// The declarations of a build as the npm package gives them: without what only the glue needs.

/** A declaration of a class or a function, with the comment above it. */
const DECLARATION = /(?:\/\*\*(?:(?!\*\/)[^])*\*\/\n)?export (?:class (\w+) \{\n[^]*?\n\}|function \w+[^\n]*;)\n/g;
/** A method of a class, with the comment above it. */
const DECODE = /    \/\*\*(?:(?!\*\/)[^])*\*\/\n    static decode\([^\n]*\n/;
/** A type of the package for what is written. */
const IMPORT = "import type { Bytes } from './source.js';\n\n";
/** The interface of errors, with the comment above it: the package has a class. */
const ERROR = /\/\*\*(?:(?!\*\/)[^])*\*\/\nexport interface TepalError [^]*?\n\}\n/;

/**
 * @param {string} text what wasm-bindgen has written
 * @param {string[]} keep the classes to keep
 */
export function declarationsOf(text, keep) {
  const [own, ...rest] = text.split('export type InitInput');
  if (rest.length === 0) throw new Error('expected the declarations of the glue');
  const kept = own
    .replace(/\/\* (?:tslint|eslint)[^\n]*\n/g, '')
    .replace(ERROR, '')
    .replaceAll('): Uint8Array;', '): Bytes;')
    .replaceAll(DECLARATION, (whole, name) => (keep.includes(name) ? whole.replace(DECODE, '') : ''));
  return `/// <reference lib="esnext.disposable" />\n${kept.includes('Bytes') ? IMPORT : ''}${kept.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`;
}

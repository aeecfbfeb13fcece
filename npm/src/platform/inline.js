/** Builds that lie in the module itself, zipped and in base64: for any platform. */

import { withFiles } from './files.js';
import * as web from './web.js';

/** Asked for while it runs: an import of it would be one that browsers and their bundlers have to resolve. */
const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');

export const { read, codeAt } = files ? withFiles(files.readFile) : web;

/** @param {string} zipped */
export const codeIn = (zipped) => async () => {
  const bytes = Uint8Array.from(atob(zipped), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
};

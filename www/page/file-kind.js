/** What a file is, by what it begins with: a file may be called anything. */

import { isOfAnotherTool } from '../shared/other-tools.js';

const TEPAL = 'TEPAL';

/** So much of a file tells what it is. */
const BEGIN_BYTES = 64 << 10;

/**
 * @param {Blob & {name?: string}} file
 * @returns {Promise<'model' | 'table'>} a model of tepal or of another tool, which may be one that is refused; all else is read as
 *   a table, and refused as one
 */
export async function kindOf(file) {
  const bytes = new Uint8Array(await file.slice(0, BEGIN_BYTES).arrayBuffer());
  if (String.fromCharCode(...bytes.subarray(0, TEPAL.length)) === TEPAL) return 'model';
  if (!isOfAnotherTool(bytes)) return 'table';
  // One object alone may be either.
  const isNamedSo = /\.(jsonl|ndjson)$/i.test(file.name ?? '');
  return isNamedSo || isJsonLines(new TextDecoder().decode(bytes)) ? 'table' : 'model';
}

/** An object in a line of its own, and nothing behind it but more of them. @param {string} begin */
function isJsonLines(begin) {
  const [first, ...others] = begin.replace(/^\uFEFF/, '').trimStart().split(/\r?\n/);
  try {
    JSON.parse(first);
  } catch {
    return false;
  }
  const next = others.find((line) => line.trim() !== '');
  return next !== undefined && next.trimStart().startsWith('{');
}

import { codeAt } from 'tepal:platform';
import { bytesOf, isURL } from './source.js';

/** @import {WasmSource} from '../types/index.js' */
/** @import {Code} from './engine.js' */

/**
 * @param {WasmSource | undefined} given
 * @returns {(() => Promise<Code>) | undefined} nothing for where a build lies by itself
 */
export function codeOf(given) {
  if (given === undefined) return undefined;
  if (typeof WebAssembly === 'object' && given instanceof WebAssembly.Module) return async () => given;
  if (typeof given === 'string' || isURL(given)) return codeAt(/** @type {string | URL} */ (given));
  return () => bytesOf(/** @type {any} */ (given), 'the engine');
}

import { codeAt } from 'tepal:platform';
import { optionsOf } from './checks.js';
import { MODEL_BYTES } from './limits.js';
import { bytesOf, isURL } from './source.js';

/** @import {WasmSource} from '../types/source.js' */
/** @import {Code, Engine} from './engine.js' */

/**
 * @param {WasmSource | undefined} given
 * @returns {(() => Promise<Code>) | undefined} nothing for where a build lies by itself
 */
export function codeOf(given) {
  if (given === undefined) return undefined;
  if (typeof WebAssembly === 'object' && given instanceof WebAssembly.Module) return async () => given;
  if (typeof given === 'string' || isURL(given)) return codeAt(() => /** @type {string | URL} */ (given));
  // A build is far smaller than the largest model.
  return () => bytesOf(/** @type {any} */ (given), 'the engine', MODEL_BYTES);
}

/** What `load` is in the entries that have one engine. @param {Engine<any>} engine */
export const loaderOf = (engine) => async (/** @type {{wasm?: WasmSource} | undefined} */ options) => {
  await engine.ready(codeOf(optionsOf(options, 'wasm').wasm));
};

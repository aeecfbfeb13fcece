import { codeOf } from './code.js';
import { engine } from './engines/import.js';
import { TepalError } from './errors.js';
import { bytesOf } from './source.js';

/** @import {ImportOptions} from '../../www/pkg/import/tepal.js' */
/** @import {Source, WasmSource} from '../types/index.js' */

export { TepalError };

/** @param {{wasm?: WasmSource}} [options] */
export async function load({ wasm } = {}) {
  await engine.ready(codeOf(wasm));
}

/** @param {Source | PromiseLike<Source>} source @param {ImportOptions} [options] */
export async function importModel(source, options) {
  const bytes = await bytesOf(source, 'a model of another tool');
  const build = await engine.ready();
  return engine.call(() => build.importModel(bytes, options));
}

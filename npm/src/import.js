import { optionsOf } from './checks.js';
import { loaderOf } from './code.js';
import { engine } from './engines/import.js';
import { TepalError } from './errors.js';
import { FOREIGN_BYTES } from './limits.js';
import { bytesOf } from './source.js';

/** @import {ImportOptions} from '../../www/pkg/import/tepal.js' */
/** @import {Source} from '../types/source.js' */

export { TepalError };

export const load = loaderOf(engine);

/** @param {Source | PromiseLike<Source>} source @param {ImportOptions} [options] */
export async function importModel(source, options) {
  const bytes = await bytesOf(source, 'a model of another tool', FOREIGN_BYTES);
  return (await engine.ready()).call((build) => build.importModel(bytes, optionsOf(options)));
}

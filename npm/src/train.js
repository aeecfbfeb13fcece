import { Fit } from '../../www/engine/fit.js';
import { Scoring } from '../../www/engine/scoring.js';
import { checkWhole, describe, optionsOf } from './checks.js';
import { loaderOf } from './code.js';
import { engine } from './engines/train.js';
import { invalid, TepalError } from './errors.js';
import { MODEL_BYTES, TABLE_BYTES } from './limits.js';
import { ask, made, Model } from './model.js';
import { bytesOf, isBuffer, isStream, isURL } from './source.js';
import { Stoppable } from './stoppable.js';
import { WritableModel } from './writable-model.js';

/** @import {ReadOptions, TableInput} from '../../www/pkg/train/tepal.js' */
/** @import {Source} from '../types/source.js' */
/** @import {ScoreFileOptions, Table, TrainOptions} from '../types/train.js' */

export { TepalError, WritableModel as Model };

export const load = loaderOf(engine);

/** @param {Source | PromiseLike<Source>} source */
export async function open(source) {
  const bytes = await modelBytes(source);
  const ready = await engine.ready();
  return made(WritableModel, ready, ready.call((build) => build.Model.decode(bytes)));
}

/** @param {Source | PromiseLike<Source>} source */
export async function upgrade(source) {
  const bytes = await modelBytes(source);
  return (await engine.ready()).call((build) => build.upgrade(bytes));
}

/** @param {Table | PromiseLike<Table>} table @param {ReadOptions} [options] */
export async function profile(table, options) {
  const cells = await cellsOf(table);
  return (await engine.ready()).call((build) => build.profile(cells, optionsOf(options)));
}

/** @param {Source | PromiseLike<Source>} source @param {number} number */
export async function tree(source, number) {
  checkWhole('the number of a tree', number ?? null, 1);
  const bytes = await modelBytes(source);
  return (await engine.ready()).call((build) => build.tree(bytes, number));
}

/** @param {Table | PromiseLike<Table>} table @param {TrainOptions} options */
export async function train(table, options) {
  const { signal, onProgress, ...rest } = optionsOf(options);
  const stoppable = new Stoppable({ signal, onProgress });
  const cells = await stoppable.wait(cellsOf(table));
  const ready = await stoppable.wait(engine.ready());
  const fit = new Fit();
  const model = await stoppable.run(ready, fit, async (report) => {
    await fit.prepare(ready.build, /** @type {Uint8Array} */ (cells), /** @type {any} */ (rest));
    return fit.run(/** @type {any} */ (report));
  });
  return made(WritableModel, ready, model);
}

/** @param {WritableModel | Source} model @param {Source | PromiseLike<Source>} file @param {ScoreFileOptions} [options] */
export async function predictFile(model, file, options) {
  const { signal, onProgress, ...rest } = optionsOf(options);
  const stoppable = new Stoppable({ signal, onProgress });
  const bytes = await stoppable.wait(model instanceof Model ? fileOf(model) : modelBytes(model));
  const rows = await stoppable.wait(blobOf(file));
  const ready = await stoppable.wait(engine.ready());
  const scoring = new Scoring(async () => ready.build, bytes);
  return stoppable.run(ready, scoring, (report) => scoring.run(rows, rest, report));
}

/** @param {Source | PromiseLike<Source>} source */
const modelBytes = (source) => bytesOf(source, 'a model file', MODEL_BYTES);

/** @param {Model} model @returns {Promise<Uint8Array>} */
async function fileOf(model) {
  if (model instanceof WritableModel) return model.encode();
  // Only to say that it was freed.
  ask(model, () => {});
  throw invalid("the model of 'tepal' does not write its file; give the file, or open it by `open` of 'tepal/train'");
}

/** @param {Table | PromiseLike<Table>} table @returns {Promise<TableInput>} */
async function cellsOf(table) {
  const given = /** @type {any} */ (await table);
  if (typeof given === 'string') return textOf(given);
  const isFile = isURL(given) || ArrayBuffer.isView(given) || typeof given?.arrayBuffer === 'function' || isBuffer(given);
  if (isFile || isStream(given)) return bytesOf(given, 'a table', TABLE_BYTES);
  if (typeof given === 'object' && given !== null) return given;
  throw invalid(`expected a table as text, bytes, columns by name, a URL, a Response, a Blob or a File, found ${describe(given)}`);
}

/** @param {string} text the table itself */
function textOf(text) {
  if (text.length > TABLE_BYTES) throw new TepalError({ kind: 'limit_exceeded', message: `the table has ${text.length} letters, and the most are ${TABLE_BYTES}; use the program \`tepal\`` });
  if (/[\r\n]/.test(text) || text === '') return text;
  throw invalid('a text is the table itself, and this one has no second line; for a file give its bytes or `new URL(…)`');
}

/** @param {any} file */
async function blobOf(file) {
  const given = await file;
  if (typeof given?.slice === 'function' && typeof given.size === 'number') return given;
  return new Blob([await bytesOf(given, 'a file of rows', Number.MAX_SAFE_INTEGER)]);
}

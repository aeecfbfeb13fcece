import { Fit } from '../../www/engine/fit.js';
import { Scoring } from '../../www/engine/scoring.js';
import { codeOf } from './code.js';
import { engine } from './engines/train.js';
import { invalid, TepalError } from './errors.js';
import { ask, made, Model } from './model.js';
import { bytesOf, describe, isBuffer, isURL } from './source.js';
import { stoppable } from './stoppable.js';
import { WritableModel } from './writable-model.js';

/** @import {ReadOptions, TableInput} from '../../www/pkg/train/tepal.js' */
/** @import {Source, WasmSource} from '../types/index.js' */
/** @import {ScoreFileOptions, Table, TrainOptions} from '../types/train.js' */

export { TepalError, WritableModel as Model };

/** @param {{wasm?: WasmSource}} [options] */
export async function load({ wasm } = {}) {
  await engine.ready(codeOf(wasm));
}

/** @param {Source | PromiseLike<Source>} source */
export async function open(source) {
  const bytes = await bytesOf(source, 'a model file');
  const build = await engine.ready();
  return made(WritableModel, engine, engine.call(() => build.Model.decode(bytes)));
}

/** @param {Source | PromiseLike<Source>} source */
export async function upgrade(source) {
  const bytes = await bytesOf(source, 'a model file');
  const build = await engine.ready();
  return engine.call(() => build.upgrade(bytes));
}

/** @param {Table | PromiseLike<Table>} table @param {ReadOptions} [options] */
export async function profile(table, options) {
  const cells = await cellsOf(table);
  const build = await engine.ready();
  return engine.call(() => build.profile(cells, options));
}

/** @param {Source | PromiseLike<Source>} source @param {number} number */
export async function tree(source, number) {
  const bytes = await bytesOf(source, 'a model file');
  const build = await engine.ready();
  return engine.call(() => build.tree(bytes, number));
}

/** @param {Table | PromiseLike<Table>} table @param {TrainOptions} options */
export async function train(table, options) {
  const { signal, onProgress, ...rest } = options ?? {};
  const cells = await cellsOf(table);
  const build = await engine.ready();
  const fit = new Fit();
  const model = await stoppable(engine, fit, { signal, onProgress }, async (report) => {
    await fit.prepare(build, /** @type {Uint8Array} */ (cells), rest);
    return fit.run(/** @type {any} */ (report));
  });
  return made(WritableModel, engine, model);
}

/** @param {WritableModel | Source} model @param {Source} file @param {ScoreFileOptions} [options] */
export async function predictFile(model, file, options) {
  const { signal, onProgress, ...rest } = options ?? {};
  const bytes = model instanceof Model ? ask(model, (its) => its.encode?.()) : await bytesOf(model, 'a model file');
  if (!bytes) throw invalid("expected a model of 'tepal/train', or its file");
  const rows = await blobOf(file);
  const scoring = new Scoring(() => engine.ready(), bytes);
  return stoppable(engine, scoring, { signal, onProgress }, (report) => scoring.run(rows, rest, report));
}

/** @param {Table | PromiseLike<Table>} table @returns {Promise<TableInput>} */
async function cellsOf(table) {
  const given = /** @type {any} */ (await table);
  if (typeof given === 'string') return given;
  const isFile = isURL(given) || ArrayBuffer.isView(given) || typeof given?.arrayBuffer === 'function' || isBuffer(given);
  if (isFile) return bytesOf(given, 'a table');
  if (typeof given === 'object' && given !== null) return given;
  throw invalid(`expected a table as text, bytes, columns by name, a Response, a Blob or a File, found ${describe(given)}`);
}

/** @param {any} file */
async function blobOf(file) {
  const given = await file;
  if (typeof given?.slice === 'function' && typeof given.size === 'number') return given;
  return new Blob([await bytesOf(given, 'a file of rows')]);
}

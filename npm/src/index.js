import { optionsOf } from './checks.js';
import { codeOf } from './code.js';
import { engine as predict } from './engines/predict.js';
import { TepalError, withRemedy } from './errors.js';
import { MODEL_BYTES } from './limits.js';
import { made, Model } from './model.js';
import { bytesOf } from './source.js';

/** @import {Source, WasmSource} from '../types/index.js' */

export { Model, TepalError };

/** Where `load` said that the build for graphs lies. */
let graphsCode = codeOf(undefined);

/** @param {{wasm?: WasmSource, graphsWasm?: WasmSource}} [options] */
export async function load(options) {
  const { wasm, graphsWasm } = optionsOf(options, 'wasm graphsWasm');
  graphsCode = codeOf(graphsWasm) ?? graphsCode;
  await predict.ready(codeOf(wasm));
}

/** @param {Source | PromiseLike<Source>} source */
export async function open(source) {
  // The engine is on its way while the file is.
  const ready = predict.ready();
  ready.catch(() => {});
  const bytes = await bytesOf(source, 'a model file', MODEL_BYTES);
  const engine = await ready;
  try {
    return made(Model, engine, engine.call((build) => build.Model.decode(bytes)));
  } catch (error) {
    if (!(error instanceof TepalError)) throw error;
    // Another build may know it.
    if (error.kind !== 'unsupported_version') throw withRemedyFor(bytes, error);
  }
  const graphs = await (await import('./engines/graphs.js')).engine.ready(graphsCode);
  return made(Model, graphs, graphs.call((build) => build.Model.decode(bytes)));
}

/**
 * @param {Uint8Array} bytes
 * @param {TepalError} error that refuses them
 */
function withRemedyFor([first], error) {
  if (error.kind === 'old_version') {
    return withRemedy(error, "which is `upgrade` of 'tepal/train'");
  }
  if (error.kind !== 'not_a_model') return error;
  return first === '<'.charCodeAt(0)
    ? withRemedy(error, 'it begins with <, so the server may have answered with a web page: see whether the address is right')
    : withRemedy(error, "if it is a model of another tool, `importModel` of 'tepal/import' makes a model file of it");
}

import { FileFit } from '../../www/engine/file-fit.js';
import { codeOf } from './code.js';
import { engine } from './engines/shares.js';
import { invalid, TepalError, unavailable } from './errors.js';
import { made } from './model.js';
import { stoppable } from './stoppable.js';
import { WritableModel } from './writable-model.js';

/** @import {WasmSource} from '../types/index.js' */
/** @import {TrainFileOptions} from '../types/shares.js' */

export { TepalError, WritableModel as Model };

/** @param {{wasm?: WasmSource}} [options] */
export async function load({ wasm } = {}) {
  await engine.ready(codeOf(wasm));
}

/** @param {Blob} file @param {TrainFileOptions} options */
export async function trainFile(file, options) {
  const { signal, onProgress, workers, memory, ...rest } = options ?? {};
  if (typeof Worker !== 'function') {
    throw unavailable("there are no Web Workers here; use `train` of 'tepal/train', or the program `tepal train`");
  }
  if (typeof file?.slice !== 'function' || typeof file.stream !== 'function') {
    throw invalid("expected a Blob or a File, which workers can read; `train` of 'tepal/train' takes other tables");
  }
  const build = await engine.ready();
  const fit = new FileFit({ shares: workers, memory });
  const model = await stoppable(engine, fit, { signal, onProgress }, async (report) => {
    await fit.prepare(build, file, rest, /** @type {any} */ (report));
    return fit.run(/** @type {any} */ (report));
  });
  return made(WritableModel, engine, model);
}

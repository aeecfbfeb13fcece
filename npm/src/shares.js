import { FileFit } from '../../www/engine/file-fit.js';
import { checkWhole, optionsOf } from './checks.js';
import { loaderOf } from './code.js';
import { engine } from './engines/shares.js';
import { invalid, TepalError, unavailable } from './errors.js';
import { made } from './model.js';
import { Stoppable } from './stoppable.js';
import { WritableModel } from './writable-model.js';

/** @import {TrainFileOptions} from '../types/shares.js' */

export { TepalError, WritableModel as Model };

export const load = loaderOf(engine);

/** @param {Blob} file @param {TrainFileOptions} options */
export async function trainFile(file, options) {
  const { signal, onProgress, workers, memory, ...rest } = optionsOf(options);
  const stoppable = new Stoppable({ signal, onProgress });
  checkWhole('workers', workers, 1);
  checkWhole('memory', memory, 0);
  if (typeof Worker !== 'function') {
    throw unavailable("there are no Web Workers here; use `train` of 'tepal/train', or the program `tepal train`");
  }
  if (typeof file?.slice !== 'function' || typeof file.stream !== 'function') {
    throw invalid("expected a Blob or a File, which workers can read; `train` of 'tepal/train' takes other tables");
  }
  const ready = await stoppable.wait(engine.ready());
  const fit = new FileFit({ shares: workers, memory });
  const model = await stoppable.run(ready, fit, async (report) => {
    await fit.prepare(ready.build, file, /** @type {any} */ (rest), /** @type {any} */ (report));
    return fit.run(/** @type {any} */ (report));
  });
  return made(WritableModel, ready, model);
}

import type { Model, Progress, TrainOptions } from './train-engine.js';
import type { HasBytes, Stoppable, WasmSource } from './source.js';

export { Model } from './train-engine.js';
export { TepalError, type ErrorKind } from './errors.js';

export type TrainFileOptions = TrainOptions & {
  /** How many workers at most read the file: by default as many as there are cores, and at most 8. The model is the same. */
  workers?: number;
  /** How many bytes of prepared rows all workers together keep. By default 16 MiB. */
  memory?: number;
} & Stoppable<Progress | {
    /** How often the table was read so far, before the first round. */
    reading: number;
  }>;

/** Loads the engine of the thread that leads, which `trainFile` does by itself. */
export function load(options?: { wasm?: WasmSource }): Promise<void>;

/**
 * Fits a model to a CSV file of any size, which workers read in shares. For browsers: it needs Web Workers. Such a table allows
 * neither held-out rows nor folds.
 */
export function trainFile(file: HasBytes & { readonly size: number }, options: TrainFileOptions): Promise<Model>;

import type { Model } from './predict.js';
import type { Source, WasmSource } from './source.js';

export * from './predict.js';
export { TepalError, type ErrorKind } from './errors.js';
export type { Address, HasBytes, Source, WasmSource } from './source.js';

/** Loads the engine, which `open` does when it is called first. */
export function load(options?: {
  /** Where the engine lies, if not beside the package's modules. Only the first load of an engine decides. */
  wasm?: WasmSource;
  /** Where the build for networks and other graphs lies. `open` loads it for such a model. */
  graphsWasm?: WasmSource;
}): Promise<void>;

/**
 * Opens a model file. It loads the engine when it is called first, and replays the model's proof rows. Any bytes are safe to pass.
 *
 * @throws {TepalError} `unavailable` where the file or the engine cannot be had, `not_a_model`, `old_version` for a file that
 *   `upgrade` of `tepal/train` has to write again, and other kinds for a file that is damaged.
 */
export function open(source: Source | PromiseLike<Source>): Promise<Model>;

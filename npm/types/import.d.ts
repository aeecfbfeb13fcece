import type { ImportOptions } from './import-engine.js';
import type { Bytes, Source, WasmSource } from './source.js';

export type { ImportOptions } from './import-engine.js';
export { TepalError, type ErrorKind } from './errors.js';

/** Loads the engine, which `importModel` does when it is called first. */
export function load(options?: { wasm?: WasmSource }): Promise<void>;

/**
 * Makes a model file of a model of XGBoost (JSON, UBJSON), LightGBM (text, JSON), CatBoost (JSON), ONNX, or of what the Python
 * package exports of scikit-learn.
 */
export function importModel(source: Source | PromiseLike<Source>, options?: ImportOptions): Promise<Bytes>;

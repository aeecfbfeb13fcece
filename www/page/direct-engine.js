import loadPredictBuild, { Model } from '../pkg/predict/tepal.js';
import { CANNOT_RUN, describeError, PredictionError } from '../shared/protocol.js';

/** @import {Explanation, ModelDescription, Prediction, Row} from '../pkg/predict/tepal.js' */

/**
 * The engine on the page's own thread: a row takes microseconds, and the first answer waits for no worker. It keeps one
 * open model, and rejects with a `PredictionError`. After one of kind `crashed` it must not be asked again: its memory
 * can no longer be trusted, and the build has no second one.
 */
export class DirectEngine {
  #build;
  /** @type {Model | null} */
  #model = null;

  /** @param {BufferSource} [build] the predict build, if it is not to be fetched */
  constructor(build) {
    this.#build = loadPredictBuild(build && { module_or_path: build }).catch((error) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new PredictionError({ kind: 'unavailable', message: CANNOT_RUN + reason });
    });
    // Every request that awaits it is told; here it only must not be unhandled.
    this.#build.catch(() => {});
  }

  /**
   * Opens a model file. When it is refused, the model opened before stays.
   *
   * @param {Uint8Array} bytes
   * @returns {Promise<ModelDescription>}
   */
  async open(bytes) {
    await this.#build;
    return named(() => {
      const opened = Model.decode(bytes);
      const description = opened.describe();
      this.#model?.free();
      this.#model = opened;
      return description;
    });
  }

  /**
   * @param {Row} row
   * @returns {Promise<Prediction>}
   */
  async predict(row) {
    return named(() => this.#opened().predict(row));
  }

  /**
   * @param {Row} row
   * @returns {Promise<Explanation[]>}
   */
  async explain(row) {
    return named(() => this.#opened().explain(row));
  }

  #opened() {
    if (!this.#model) throw new Error('no model is open');
    return this.#model;
  }
}

/**
 * @template T
 * @param {() => T} compute
 */
function named(compute) {
  try {
    return compute();
  } catch (error) {
    throw new PredictionError(describeError(error));
  }
}

import { Model } from '../pkg/predict/tepal.js';
import { describeError, PredictionError } from '../shared/protocol.js';

/** @import {Explanation, ModelDescription, Prediction, Row} from '../pkg/predict/tepal.js' */

/** The engine on the page's own thread: one row takes microseconds, and a file has no second file for a worker. */
export class DirectEngine {
  #model;

  /** @param {Uint8Array} bytes of a model file; the build is loaded */
  constructor(bytes) {
    this.#model = Model.decode(bytes);
  }

  /** @returns {ModelDescription} */
  describe() {
    return this.#model.describe();
  }

  /**
   * @param {Row} row
   * @returns {Promise<Prediction>}
   */
  async predict(row) {
    return named(() => this.#model.predict(row));
  }

  /**
   * @param {Row} row
   * @returns {Promise<Explanation[]>}
   */
  async explain(row) {
    return named(() => this.#model.explain(row));
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

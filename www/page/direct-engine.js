import loadPredictBuild, { Model } from '../pkg/predict/tepal.js';
import { CANNOT_RUN, describeError, PredictionError } from '../shared/protocol.js';

/** @typedef {Pick<typeof import('../pkg/predict/tepal.js'), 'Model'>} Build */

/** @import {Explanation, ModelDescription, Prediction, Row} from '../pkg/predict/tepal.js' */

/**
 * The engine on the page's own thread: a row takes microseconds, and the first answer waits for no worker. It keeps one
 * open model, and rejects with a `PredictionError`. After one of kind `crashed` it must not be asked again: its memory
 * can no longer be trusted, and the build has no second one.
 */
export class DirectEngine {
  #build;
  #loadGraphs;
  /** @type {Model | null} */
  #model = null;

  /**
   * @param {BufferSource} [build] the build that predicts, if it is not to be fetched
   * @param {() => Promise<Build>} [loadGraphs] what reads models that this build does not know, if there is such a build
   */
  constructor(build, loadGraphs) {
    this.#loadGraphs = loadGraphs;
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
    const opened = await this.#decoded(bytes);
    return named(() => {
      const description = opened.describe();
      this.#model?.free();
      this.#model = opened;
      return description;
    });
  }

  /** @param {Uint8Array} bytes */
  async #decoded(bytes) {
    try {
      return Model.decode(bytes);
    } catch (error) {
      const described = describeError(error);
      if (described.kind !== 'unsupported_version' || !this.#loadGraphs) throw new PredictionError(described);
    }
    const graphs = await this.#loadGraphs();
    return named(() => graphs.Model.decode(bytes));
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

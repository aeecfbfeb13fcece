import { PredictionError } from './protocol.js';

/** @import {ModelDescription, Prediction, Row} from './pkg/predict/tepal.js' */
/** @import {TrainOptions} from './pkg/train/tepal.js' */
/** @import {Answers, EngineReply, EngineRequest, OpenModel} from './protocol.js' */

/**
 * @typedef {{resolve: (value: any) => void, reject: (error: PredictionError) => void}} Pending
 * @typedef {EngineRequest extends infer R ? R extends EngineRequest ? Omit<R, 'id'> : never : never} Question
 */

const createWorker = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

/**
 * The engine, as the page sees it: every method asks the worker and resolves with its answer, or rejects with
 * a `PredictionError`.
 *
 * A trap ends the worker. Whatever was pending is rejected with kind `crashed`, a fresh worker opens the
 * current model again, and `onRestart` is told.
 */
export class Engine {
  /** @type {Worker} */
  #worker;
  #createWorker;
  #onRestart;
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** Whether this worker ever answered. One that never did cannot run here, and is not started again. */
  #answered = false;
  /** @type {PredictionError | null} */
  #unavailable = null;
  /** @type {Uint8Array<ArrayBuffer> | null} */
  #modelFile = null;

  /** @param {{onRestart?: () => void, createWorker?: () => Worker}} [options] */
  constructor(options = {}) {
    this.#createWorker = options.createWorker ?? createWorker;
    this.#onRestart = options.onRestart ?? (() => {});
    this.#worker = this.#start();
  }

  /**
   * Opens a model file. When it is refused, the model opened before stays.
   *
   * @param {Uint8Array<ArrayBuffer>} bytes left untouched: the worker gets a copy
   * @returns {Promise<OpenModel>}
   */
  async open(bytes) {
    const copy = bytes.slice();
    const description = await this.#ask({ type: 'open', bytes: copy }, [copy.buffer]);
    this.#modelFile = bytes;
    return { bytes, description };
  }

  /**
   * @param {Row} row one value per feature, on the scale of the training table
   * @returns {Promise<Prediction>}
   */
  predict(row) {
    return this.#ask({ type: 'predict', row });
  }

  /**
   * @param {ArrayBuffer} table a CSV file; transferred, so empty afterwards
   * @returns {Promise<string[]>} the names of its columns, in order
   */
  columns(table) {
    return this.#ask({ type: 'columns', table: new Uint8Array(table) }, [table]);
  }

  /**
   * Fits a model and opens it.
   *
   * @param {ArrayBuffer} table a CSV file; transferred, so empty afterwards
   * @param {TrainOptions} options
   * @returns {Promise<OpenModel>}
   */
  async train(table, options) {
    const model = await this.#ask({ type: 'train', table: new Uint8Array(table), options }, [table]);
    this.#modelFile = model.bytes;
    return model;
  }

  /**
   * @template {Question} Q
   * @param {Q} question
   * @param {Transferable[]} [transfer]
   * @returns {Promise<Answers[Q['type']]>}
   */
  #ask(question, transfer = []) {
    if (this.#unavailable) return Promise.reject(this.#unavailable);
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...question }, transfer);
    });
  }

  #start() {
    const worker = this.#createWorker();
    this.#answered = false;
    worker.addEventListener('message', (event) => this.#receive(event.data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#fail(event.message || 'the worker could not be loaded');
    });
    return worker;
  }

  /** @param {EngineReply} reply */
  #receive(reply) {
    this.#answered = true;
    if ('error' in reply && reply.error.kind === 'crashed') {
      this.#fail(reply.error.message);
      return;
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if ('error' in reply) pending?.reject(new PredictionError(reply.error));
    else pending?.resolve(reply.ok);
  }

  /** @param {string} reason */
  #fail(reason) {
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    this.#worker.terminate();
    const error = new PredictionError(
      this.#answered
        ? { kind: 'crashed', message: `the engine stopped (${reason}) and was started again` }
        : { kind: 'unavailable', message: `the engine cannot run in this browser: ${reason}` },
    );
    if (this.#answered) this.#restart();
    else this.#unavailable = error;
    for (const { reject } of lost) reject(error);
  }

  #restart() {
    const file = this.#modelFile;
    // Forgotten until it is open again: a file that crashes the engine must not crash it in a circle.
    this.#modelFile = null;
    this.#worker = this.#start();
    // Posted before anybody else can ask, hence answered first.
    if (file) this.open(file).catch(() => {});
    this.#onRestart();
  }
}

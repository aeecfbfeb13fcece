import { CANNOT_RUN, PredictionError } from '../shared/protocol.js';
import { crashed, EngineWorker } from './engine-worker.js';
import { isOfAnotherTool } from '../shared/other-tools.js';

/** @import {Explanation, ModelDescription, Prediction, Row} from '../pkg/predict/tepal.js' */
/** @import {Matching, ScoreOptions, TrainOptions, TreeDescription} from '../pkg/train/tepal.js' */
/** @import {ReadOptions} from '../shared/options.js' */
/**
 * @import {Answers, FitRequest, FittedModel, OpenModel, PostedTable, Profiled, Scored, ScoreProgress, TableData,
 *   TranslateRequest, Translation
 *   } from '../shared/protocol.js'
 * @import {DirectEngine} from './direct-engine.js'
 * @import {Ask, OnProgress, Question} from './engine-worker.js'
 */

/** @typedef {Pick<DirectEngine, 'open' | 'predict' | 'explain'>} Predictor */

/**
 * How long a stop waits for the worker while the table is prepared, in calls that hear nothing: there is nothing
 * to lose, and a new worker is quick.
 */
const STOP_PATIENCE_MS = 60;

/** How long it waits once there are rounds: the one under way may be long, and what it found is kept. */
const ROUND_PATIENCE_MS = 2000;

/** A model file from so many bytes on is opened by the worker: its rows would hold up the page. */
const LARGE_MODEL = 1 << 20;

/**
 * The engine, as the page sees it: every method resolves with an answer, or rejects with a `PredictionError`.
 *
 * Rows are predicted on the page's own thread, by `direct`. The worker does what takes long, and begins when it is first
 * needed. It also predicts with a large model, and in place of a `direct` that crashed.
 *
 * A trap ends the worker, or `direct`. Whatever was pending there is rejected with kind `crashed`, `onRestart` is told,
 * and the next worker opens the current model again. Where no row can be predicted at all, every request is rejected
 * with kind `unavailable`, and `onUnavailable` is told once.
 */
export class Engine {
  /** @type {Predictor | null} null after a crash, and where there is none */
  #direct;
  /** Whether it has the model that is open. */
  #isDirect = false;
  #worker;
  /** How many files were to be opened, and which of them is open. */
  #filesAsked = 0;
  #fileOpened = 0;
  #onRestart;
  #onUnavailable;
  /** @type {PredictionError | null} */
  #unavailable = null;
  /** Whether the fit under way can be resumed after a stop. */
  #hasRounds = false;
  /** @type {Uint8Array<ArrayBuffer> | null} */
  #modelFile = null;
  /** @type {Promise<void>} resolves when the last fit has ended, however it did */
  #fitEnded = Promise.resolve();

  /**
   * @param {{direct?: Predictor, createWorker: () => Worker, onRestart?: (lost: {isFitLost: boolean}) => void,
   *   onUnavailable?: (error: PredictionError) => void}} options
   */
  constructor(options) {
    this.#direct = options.direct ?? null;
    this.#onRestart = options.onRestart ?? (() => {});
    this.#onUnavailable = options.onUnavailable ?? (() => {});
    this.#worker = new EngineWorker({
      createWorker: options.createWorker,
      modelFile: () => this.#modelFile,
      // A file that crashes the engine must not crash it in a circle.
      onModelCrash: (bytes) => {
        if (this.#modelFile === bytes && !this.#isDirect) this.#modelFile = null;
      },
      onCrash: () => this.#onRestart({ isFitLost: true }),
      onRefused: (message) => this.#refuse(message),
    });
  }

  /**
   * Opens a model file. When it is refused, the model opened before stays. One of an earlier version, or of another tool, is
   * kept as it is written today.
   *
   * @param {Uint8Array<ArrayBuffer>} bytes left untouched: the worker gets a copy
   * @returns {Promise<OpenModel>}
   */
  async open(bytes) {
    const mine = (this.#filesAsked += 1);
    const isForeign = isOfAnotherTool(bytes);
    if (!isForeign) {
      try {
        return await this.#open(bytes, mine);
      } catch (error) {
        if (!(error instanceof PredictionError) || error.kind !== 'old_version') throw error;
      }
    }
    const options = { created: Math.floor(Date.now() / 1000) };
    const written = await this.#ask(isForeign ? { type: 'import', bytes, options } : { type: 'upgrade', bytes });
    if (mine !== this.#filesAsked) throw new PredictionError({ kind: 'stopped', message: 'another model was opened' });
    return this.#open(written, mine);
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} bytes of a model file
   * @param {number} number of a tree, from 1
   * @returns {Promise<TreeDescription>}
   */
  tree(bytes, number) {
    return this.#ask({ type: 'tree', bytes, number });
  }

  /**
   * @param {Row} row one value per feature, on the scale of the training table
   * @returns {Promise<Prediction>}
   */
  predict(row) {
    return this.#isDirect ? this.#compute((direct) => direct.predict(row)) : this.#ask({ type: 'predict', row });
  }

  /**
   * @param {Row} row as `predict` takes it
   * @returns {Promise<Explanation[]>} what each feature adds to the score, or to the score of each class
   */
  explain(row) {
    return this.#isDirect ? this.#compute((direct) => direct.explain(row)) : this.#ask({ type: 'explain', row });
  }

  /**
   * @param {Float64Array<ArrayBuffer>} values of one row after the other, in the order of the described features
   * @returns {Promise<Float64Array>} a number per row, or a probability per row and class
   */
  predictMany(values) {
    return this.#ask({ type: 'predictMany', values });
  }

  /**
   * Makes a CSV file of one in any format. Another such request for the same purpose ends it with kind `stopped`.
   *
   * @param {Blob} file
   * @param {TranslateRequest['purpose']} purpose
   * @param {string} [sheet] of a workbook, by default the first that is not hidden
   * @returns {Promise<Translation>}
   */
  translate(file, purpose, sheet) {
    return this.#ask({ type: 'translate', file, purpose, sheet });
  }

  /**
   * @param {TableData} table a CSV file; bytes are transferred, so empty afterwards
   * @param {ReadOptions} options
   * @returns {Promise<Profiled>} what its columns hold
   */
  profile(table, options) {
    return this.#ask({ type: 'profile', table: posted(table), options }, { transfer: transferable(table) });
  }

  /**
   * Looks for the model's features among the columns of a CSV file, and at its first rows.
   *
   * @param {Blob} file
   * @param {ScoreOptions} options
   * @returns {Promise<Matching>}
   */
  match(file, options) {
    return this.#ask({ type: 'match', file, options });
  }

  /**
   * Predicts every row of a CSV file. When it is stopped it rejects with kind `stopped`.
   *
   * @param {Blob} file
   * @param {ScoreOptions} options
   * @param {(progress: ScoreProgress) => void} onProgress
   * @returns {Promise<Scored>}
   */
  score(file, options, onProgress) {
    return this.#ask({ type: 'score', file, options }, { onProgress: /** @type {OnProgress} */ (onProgress) });
  }

  /** @returns {Promise<null>} */
  async stopScoring() {
    return this.#worker.isRunning ? this.#ask({ type: 'stopScoring' }) : null;
  }

  /**
   * Fits a model and opens it, from the bytes that it is saved as. When it is stopped it rejects with kind `stopped`, and
   * `resumable` says whether `resume` can go on with it.
   *
   * @param {TableData} table a CSV file; bytes are transferred, so empty afterwards
   * @param {TrainOptions} options
   * @param {OnProgress} [onProgress]
   * @returns {Promise<FittedModel>}
   */
  train(table, options, onProgress) {
    return this.#fit({ type: 'train', table: posted(table), options }, onProgress, transferable(table));
  }

  /**
   * Goes on with the fit that was stopped.
   *
   * @param {OnProgress} [onProgress]
   * @returns {Promise<FittedModel>}
   */
  resume(onProgress) {
    return this.#fit({ type: 'resume' }, onProgress);
  }

  /**
   * Ends the fit under way, if there is one, within a tenth of a second.
   *
   * @returns {Promise<void>} resolves when `train` or `resume` has been answered
   */
  async stop() {
    if (!this.#worker.isFitting) return;
    this.#ask({ type: 'stop' }).catch(() => {});
    const ended = this.#fitEnded.then(() => true);
    const patience = this.#hasRounds ? ROUND_PATIENCE_MS : STOP_PATIENCE_MS;
    if (await Promise.race([ended, wait(patience)])) return;
    this.#worker.replace(new PredictionError({ kind: 'stopped', message: 'the fit was stopped, and nothing of it is kept' }));
  }

  /**
   * Drops the fit that was stopped.
   *
   * @returns {Promise<null>}
   */
  async discard() {
    return this.#worker.isRunning ? this.#ask({ type: 'discard' }) : null;
  }

  /**
   * @param {Ask<FitRequest>} question
   * @param {OnProgress} [onProgress]
   * @param {Transferable[]} [transfer]
   * @returns {Promise<FittedModel>}
   */
  async #fit(question, onProgress = () => {}, transfer = []) {
    // A fit that is resumed has had rounds, or has at least been prepared.
    this.#hasRounds = question.type === 'resume';
    const asked = this.#ask(question, {
      transfer,
      onProgress: (progress) => {
        this.#hasRounds ||= 'round' in progress;
        onProgress(progress);
      },
    });
    this.#fitEnded = asked.then(() => {}, () => {});
    const fitted = await asked;
    const { description } = await this.#open(fitted.bytes, (this.#filesAsked += 1));
    return { ...fitted, description };
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {number} mine its number among the files to be opened
   * @returns {Promise<OpenModel>}
   */
  async #open(bytes, mine) {
    const isDirect = this.#direct !== null && bytes.length < LARGE_MODEL;
    const description = await (isDirect
      ? this.#compute((direct) => direct.open(bytes))
      : this.#ask({ type: 'open', bytes }));
    // The worker and the page answer in an order of their own.
    if (mine > this.#fileOpened) {
      this.#fileOpened = mine;
      this.#modelFile = bytes;
      this.#isDirect = isDirect;
    }
    return { bytes, description };
  }

  /**
   * Has the page's own engine do something.
   *
   * @template T
   * @param {(direct: Predictor) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #compute(work) {
    const direct = this.#direct;
    try {
      if (this.#unavailable) throw this.#unavailable;
      const done = await work(/** @type {Predictor} */ (direct));
      // Another request may have crashed it meanwhile: what it says after that is worth nothing.
      if (direct !== this.#direct) throw crashed('another request ended it');
      return done;
    } catch (error) {
      const { kind, message } = /** @type {PredictionError} */ (error);
      if (kind === 'unavailable' && !this.#unavailable) this.#giveUp(/** @type {PredictionError} */ (error));
      if (kind !== 'crashed') throw error;
      if (this.#direct) this.#onRestart({ isFitLost: false });
      this.#direct = null;
      this.#isDirect = false;
      throw crashed(message);
    }
  }

  /**
   * Has the worker do something.
   *
   * @template {Question} Q
   * @param {Q} question
   * @param {{transfer?: Transferable[], onProgress?: OnProgress}} [options]
   * @returns {Promise<Answers[Q['type']]>}
   */
  #ask(question, options) {
    return this.#unavailable ? Promise.reject(this.#unavailable) : this.#worker.ask(question, options);
  }

  /**
   * What the page can do without the worker goes on, and the next request tries another: it may be the network.
   *
   * @param {string} message why the worker cannot run
   */
  #refuse(message) {
    const isNeeded = !this.#direct || (this.#modelFile !== null && !this.#isDirect);
    if (isNeeded) {
      this.#giveUp(new PredictionError({ kind: 'unavailable', message }));
      return;
    }
    const told = `what trains and reads files could not be started (${message.replace(CANNOT_RUN, '')}); try again`;
    this.#worker.end(new PredictionError({ kind: 'no_worker', message: told }));
  }

  /** @param {PredictionError} error */
  #giveUp(error) {
    this.#unavailable = error;
    this.#onUnavailable(error);
    this.#worker.end(error);
  }
}

/**
 * @param {TableData} table
 * @returns {PostedTable}
 */
const posted = (table) => (table instanceof Blob ? table : new Uint8Array(table));

/**
 * @param {TableData} table
 * @returns {Transferable[]}
 */
const transferable = (table) => (table instanceof Blob ? [] : [table]);

/**
 * @param {number} milliseconds
 * @returns {Promise<false>}
 */
function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));
}

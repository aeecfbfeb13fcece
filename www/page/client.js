import { CANNOT_RUN, PredictionError } from '../shared/protocol.js';

/** @import {Explanation, ModelDescription, Prediction, Row} from '../pkg/predict/tepal.js' */
/** @import {Matching, TrainOptions} from '../pkg/train/tepal.js' */
/**
 * @import {Answers, EngineReply, EngineRequest, FitRequest, FittedModel, Matches, OpenModel, PostedTable, Profiled, Scored,
 *   ScoreProgress, TableData
 *   } from '../shared/protocol.js'
 * @import {DirectEngine} from './direct-engine.js'
 */

/**
 * @template R
 * @typedef {R extends EngineRequest ? Omit<R, 'id'> : never} Ask
 */

/**
 * @typedef {Pick<DirectEngine, 'open' | 'predict' | 'explain'>} Predictor
 * @typedef {Ask<EngineRequest>} Question
 * @typedef {(progress: any) => void} OnProgress
 *
 * @typedef {object} Pending
 * @property {Question | null} question to be asked again of another worker, where that is possible
 * @property {boolean} isFit
 * @property {OnProgress} [onProgress]
 * @property {(value: any) => void} resolve
 * @property {(error: PredictionError) => void} reject
 */

/**
 * How long a stop waits for the worker while the table is prepared, in calls that hear nothing: there is nothing
 * to lose, and a new worker is quick.
 */
const STOP_PATIENCE_MS = 60;

/** How long it waits once there are rounds: the one under way may be long, and what it found is kept. */
const ROUND_PATIENCE_MS = 2000;

/** A model file from so many bytes on is opened by the worker: its rows would hold up the page. */
const LARGE_MODEL = 1 << 20;

/** What is asked about the open model. */
const ABOUT_MODEL = new Set(['predict', 'explain', 'predictMany', 'match', 'score']);

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
  /** @type {Worker | null} null until there is something to ask it */
  #worker = null;
  /** @type {Uint8Array | null} the file of the model that the worker has, or is about to open */
  #workerFile = null;
  /** How many files were to be opened, and which of them is open. */
  #filesAsked = 0;
  #fileOpened = 0;
  #createWorker;
  #onRestart;
  #onUnavailable;
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** Whether this worker ever answered. One that never did cannot run here, and is not started again. */
  #answered = false;
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
    this.#createWorker = options.createWorker;
    this.#onRestart = options.onRestart ?? (() => {});
    this.#onUnavailable = options.onUnavailable ?? (() => {});
  }

  /**
   * Opens a model file. When it is refused, the model opened before stays. One of an earlier version is kept as it is
   * written today.
   *
   * @param {Uint8Array<ArrayBuffer>} bytes left untouched: the worker gets a copy
   * @returns {Promise<OpenModel>}
   */
  async open(bytes) {
    const mine = (this.#filesAsked += 1);
    try {
      return await this.#open(bytes, mine);
    } catch (error) {
      if (!(error instanceof PredictionError) || error.kind !== 'old_version') throw error;
    }
    const upgraded = await this.#ask({ type: 'upgrade', bytes });
    if (mine !== this.#filesAsked) throw new PredictionError({ kind: 'stopped', message: 'another model was opened' });
    return this.#open(upgraded, mine);
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
   * @param {TableData} table a CSV file; bytes are transferred, so empty afterwards
   * @returns {Promise<Profiled>} what its columns hold
   */
  profile(table) {
    return this.#ask({ type: 'profile', table: posted(table) }, { transfer: transferable(table) });
  }

  /**
   * Looks for the model's features among the columns of a CSV file, and at its first rows.
   *
   * @param {Blob} file
   * @param {Matches} matches
   * @returns {Promise<Matching>}
   */
  match(file, matches) {
    return this.#ask({ type: 'match', file, matches });
  }

  /**
   * Predicts every row of a CSV file. When it is stopped it rejects with kind `stopped`.
   *
   * @param {Blob} file
   * @param {Matches} matches
   * @param {(progress: ScoreProgress) => void} onProgress
   * @returns {Promise<Scored>}
   */
  score(file, matches, onProgress) {
    return this.#ask({ type: 'score', file, matches }, { onProgress: /** @type {OnProgress} */ (onProgress) });
  }

  /** @returns {Promise<null>} */
  async stopScoring() {
    return this.#worker && this.#ask({ type: 'stopScoring' });
  }

  /**
   * Fits a model and opens it, from the bytes that it is saved as. When it is stopped it rejects with kind `stopped`, and `resumable` says whether
   * `resume` can go on with it.
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
    if (!this.#isFitting()) return;
    this.#ask({ type: 'stop' }).catch(() => {});
    const ended = this.#fitEnded.then(() => true);
    const patience = this.#hasRounds ? ROUND_PATIENCE_MS : STOP_PATIENCE_MS;
    if (!(await Promise.race([ended, wait(patience)]))) this.#abandon();
  }

  /**
   * Drops the fit that was stopped.
   *
   * @returns {Promise<null>}
   */
  async discard() {
    return this.#worker && this.#ask({ type: 'discard' });
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

  #isFitting() {
    return [...this.#pending.values()].some(({ isFit }) => isFit);
  }

  /**
   * @template {Question} Q
   * @param {Q} question
   * @param {{transfer?: Transferable[], onProgress?: OnProgress}} [options] `onProgress` for what takes long
   * @returns {Promise<Answers[Q['type']]>}
   */
  #ask(question, { transfer = [], onProgress } = {}) {
    if (this.#unavailable) return Promise.reject(this.#unavailable);
    const id = (this.#lastId += 1);
    const isFit = question.type === 'train' || question.type === 'resume';
    // What was transferred is gone, and a fit must not begin again by itself.
    const canRepeat = transfer.length === 0 && !isFit;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { question: canRepeat ? question : null, isFit, onProgress, resolve, reject });
      this.#post(id, question, transfer);
    });
  }

  /**
   * @param {number} id
   * @param {Question} question
   * @param {Transferable[]} [transfer]
   */
  #post(id, question, transfer = []) {
    const worker = (this.#worker ??= this.#start());
    if (ABOUT_MODEL.has(question.type) && this.#modelFile && this.#modelFile !== this.#workerFile) {
      this.#giveModel(this.#modelFile);
    }
    if (question.type === 'open') this.#workerFile = question.bytes;
    worker.postMessage({ id, ...question }, transfer);
  }

  /**
   * Has the worker open the current model, before it is asked about it.
   *
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async #giveModel(bytes) {
    try {
      await this.#ask({ type: 'open', bytes });
    } catch (error) {
      if (this.#workerFile === bytes) this.#workerFile = null;
      // A file that crashes the engine must not crash it in a circle.
      const isCrash = error instanceof PredictionError && error.kind === 'crashed';
      if (isCrash && this.#modelFile === bytes && !this.#isDirect) this.#modelFile = null;
    }
  }

  #start() {
    const worker = this.#createWorker();
    this.#answered = false;
    // What a worker said before it was replaced may arrive after.
    const isCurrent = () => worker === this.#worker;
    worker.addEventListener('message', (event) => {
      if (isCurrent()) this.#receive(event.data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (isCurrent()) this.#fail(event.message || 'the worker could not be loaded');
    });
    return worker;
  }

  /** @param {EngineReply} reply */
  #receive(reply) {
    if ('error' in reply && reply.error.kind === 'unavailable') {
      this.#refuse(reply.error.message);
      return;
    }
    this.#answered = true;
    if ('error' in reply && reply.error.kind === 'crashed') {
      this.#fail(reply.error.message);
      return;
    }
    const pending = this.#pending.get(reply.id);
    if ('progress' in reply) {
      pending?.onProgress?.(reply.progress);
      return;
    }
    this.#pending.delete(reply.id);
    if ('error' in reply) pending?.reject(new PredictionError(reply.error));
    else pending?.resolve(reply.ok);
  }

  /** @param {string} reason */
  #fail(reason) {
    if (!this.#answered) {
      this.#refuse(CANNOT_RUN + reason);
      return;
    }
    const lost = this.#takePending();
    this.#dropWorker();
    this.#onRestart({ isFitLost: true });
    for (const { reject } of lost) reject(crashed(reason));
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
    const lost = this.#takePending();
    this.#dropWorker();
    const told = `what trains and reads files could not be started (${message.replace(CANNOT_RUN, '')}); try again`;
    for (const { reject } of lost) reject(new PredictionError({ kind: 'no_worker', message: told }));
  }

  /** @param {PredictionError} error */
  #giveUp(error) {
    this.#dropWorker();
    this.#unavailable = error;
    this.#onUnavailable(error);
    for (const { reject } of this.#takePending()) reject(error);
  }

  #takePending() {
    const taken = [...this.#pending.values()];
    this.#pending.clear();
    return taken;
  }

  /** Ends a fit that does not hear. All other requests are answered by the next worker. */
  #abandon() {
    const waiting = [...this.#pending];
    this.#pending.clear();
    this.#dropWorker();
    const error = new PredictionError({ kind: 'stopped', message: 'the fit was stopped, and nothing of it is kept' });
    for (const [id, pending] of waiting) {
      if (pending.question) {
        this.#pending.set(id, pending);
        this.#post(id, pending.question);
      } else {
        pending.reject(error);
      }
    }
  }

  /** The next request begins another. */
  #dropWorker() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#workerFile = null;
  }
}

/** @param {string} reason */
function crashed(reason) {
  const message = `the engine stopped (${reason}) and was started again`;
  return new PredictionError({ kind: 'crashed', message });
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

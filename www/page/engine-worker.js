import { CANNOT_RUN, PredictionError } from '../shared/protocol.js';

/** @import {Answers, EngineReply, EngineRequest} from '../shared/protocol.js' */

/**
 * @template R
 * @typedef {R extends EngineRequest ? Omit<R, 'id'> : never} Ask
 */

/**
 * @typedef {Ask<EngineRequest>} Question
 * @typedef {(progress: any) => void} OnProgress
 *
 * @typedef {object} Pending
 * @property {Question | null} question to be asked again of another worker, where that is possible
 * @property {boolean} isFit
 * @property {OnProgress} [onProgress]
 * @property {(value: any) => void} resolve
 * @property {(error: PredictionError) => void} reject
 *
 * @typedef {object} WorkerEvents
 * @property {() => Worker} createWorker
 * @property {() => Uint8Array<ArrayBuffer> | null} modelFile the file of the open model
 * @property {(bytes: Uint8Array<ArrayBuffer>) => void} onModelCrash the worker was given this file, and crashed
 * @property {() => void} onCrash the worker ended, with a fit that it had
 * @property {(message: string) => void} onRefused the worker cannot run, and why; `end` is to be called
 */

/** What is asked about the open model. */
const ABOUT_MODEL = new Set(['predict', 'explain', 'predictMany', 'match', 'score']);

/**
 * The worker: questions with answers. It starts with the first question, and another one with the first question after its
 * end. It is given the open model before it is asked about that.
 */
export class EngineWorker {
  #events;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Uint8Array | null} the model file that it has, or is about to open */
  #file = null;
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** Whether this worker ever answered. One that never did cannot run here, and is not started again. */
  #answered = false;

  /** @param {WorkerEvents} events */
  constructor(events) {
    this.#events = events;
  }

  get isRunning() {
    return this.#worker !== null;
  }

  get isFitting() {
    return [...this.#pending.values()].some(({ isFit }) => isFit);
  }

  /**
   * @template {Question} Q
   * @param {Q} question
   * @param {{transfer?: Transferable[], onProgress?: OnProgress}} [options] `onProgress` for what takes long
   * @returns {Promise<Answers[Q['type']]>}
   */
  ask(question, { transfer = [], onProgress } = {}) {
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
   * Ends the worker. Every question is rejected.
   *
   * @param {PredictionError} error
   */
  end(error) {
    this.#drop();
    for (const { reject } of this.#takePending()) reject(error);
  }

  /**
   * Ends the worker. What can be asked again is answered by the next one, all else is rejected.
   *
   * @param {PredictionError} error
   */
  replace(error) {
    const waiting = [...this.#pending];
    this.#pending.clear();
    this.#drop();
    for (const [id, pending] of waiting) {
      if (pending.question) {
        this.#pending.set(id, pending);
        this.#post(id, pending.question);
      } else {
        pending.reject(error);
      }
    }
  }

  /**
   * @param {number} id
   * @param {Question} question
   * @param {Transferable[]} [transfer]
   */
  #post(id, question, transfer = []) {
    const worker = (this.#worker ??= this.#start());
    const file = this.#events.modelFile();
    if (ABOUT_MODEL.has(question.type) && file && file !== this.#file) this.#giveModel(file);
    if (question.type === 'open') this.#file = question.bytes;
    worker.postMessage({ id, ...question }, transfer);
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  async #giveModel(bytes) {
    try {
      await this.ask({ type: 'open', bytes });
    } catch (error) {
      if (this.#file === bytes) this.#file = null;
      if (error instanceof PredictionError && error.kind === 'crashed') this.#events.onModelCrash(bytes);
    }
  }

  #start() {
    const worker = this.#events.createWorker();
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
      this.#events.onRefused(reply.error.message);
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
      this.#events.onRefused(CANNOT_RUN + reason);
      return;
    }
    const lost = this.#takePending();
    this.#drop();
    this.#events.onCrash();
    for (const { reject } of lost) reject(crashed(reason));
  }

  #takePending() {
    const taken = [...this.#pending.values()];
    this.#pending.clear();
    return taken;
  }

  #drop() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#file = null;
  }
}

/** @param {string} reason */
export function crashed(reason) {
  return new PredictionError({ kind: 'crashed', message: `the engine stopped (${reason}) and was started again` });
}

/**
 * A fit to a table that is too large for memory: workers read a share of the file each and answer what is asked
 * of them, and this side, which reads no rows, leads them. It has the interface of `Fit`.
 */

import { rolesAndFit } from '../shared/options.js';
import { PredictionError } from '../shared/protocol.js';
import { FileParts } from './file-parts.js';
import { seldom, Stopped, turn } from './fit.js';

/** @import {Coordinator, FitOptions, Model, TrainOptions} from '../pkg/shares/tepal.js' */
/** @import {ErrorData, FitProgress} from '../shared/protocol.js' */
/** @import {OpenShareRequest, ShareReply, ShareRequest} from './share-worker.js' */

/**
 * How many bytes of prepared rows all workers together may keep. Two workers then take some 140 MB on a file of
 * 300 MB, which a phone's tab has to spare; of a file so large little could be kept anyway.
 */
const MEMORY = 16 << 20;

/** Each has the engine in a memory of its own, and all of them read from one disk. */
const MOST_SHARES = 8;

export class FileFit {
  /** Its rows are never all in one place. */
  sample = null;
  /** @type {Coordinator | null} null before it is prepared, and once it is used up or freed */
  #coordinator = null;
  /** @type {ShareWorker[]} in the order of their rows */
  #shares = [];
  /** @type {FitOptions} */
  #options = {};
  /** @type {Promise<Uint8Array[]> | null} the answers that the shares are at work on, or that were not taken yet */
  #asked = null;
  /** How often the table was read or is being read, before the first round. */
  #passes = 0;
  #isFitting = false;
  #isRunning = false;
  #isStopped = false;
  #wake = () => {};
  #mostShares;
  #memory;

  /**
   * The model does not depend on either.
   *
   * @param {{shares?: number, memory?: number}} [options] how many workers at most, and the bytes they may keep
   */
  constructor({ shares = Math.min(navigator.hardwareConcurrency || 1, MOST_SHARES), memory = MEMORY } = {}) {
    this.#mostShares = shares;
    this.#memory = memory;
  }

  /**
   * Reads the table once. A stop in the meantime leaves nothing to resume.
   *
   * @param {typeof import('../pkg/shares/tepal.js')} build
   * @param {Blob} file a CSV file
   * @param {TrainOptions} options
   * @param {(progress: FitProgress) => void} [report]
   */
  async prepare(build, file, options, report = () => {}) {
    const { roles, fitOptions } = rolesAndFit(options);
    this.#options = fitOptions;
    this.#passes = 1;
    report({ reading: this.#passes });
    const coordinator = new build.Coordinator(roles);
    try {
      await this.#scan(coordinator, file);
    } catch (error) {
      coordinator.free();
      throw error;
    }
    this.#coordinator = coordinator;
    const layout = coordinator.layout();
    const shares = Math.max(1, Math.min(this.#mostShares, coordinator.blocks));
    const memory = Math.floor(this.#memory / shares);
    const common = { file, layout, shares, memory };
    this.#shares = Array.from({ length: shares }, (_, index) => new ShareWorker({ ...common, index }));
  }

  /** @param {Coordinator} coordinator @param {Blob} file */
  async #scan(coordinator, file) {
    const parts = new FileParts(file);
    try {
      if (file.size === 0) coordinator.push(new Uint8Array(), true);
      for (let part = coordinator.wants(file.size); part; part = coordinator.wants(file.size)) {
        const [first, length] = part;
        const bytes = await parts.read(first, length);
        // Reading may be done before a stop was heard.
        await turn();
        if (this.#isStopped) throw new Stopped(false);
        coordinator.push(bytes, first + length === file.size);
      }
    } finally {
      parts.close();
    }
  }

  /**
   * Has the questions answered that are left. Rejects with kind `stopped` when it is stopped, and can then be run
   * again. With any other error it is freed.
   *
   * @param {(progress: FitProgress) => void} report called now and then, and with the last progress in any case
   * @returns {Promise<Model>}
   */
  async run(report) {
    const coordinator = this.#coordinator;
    if (this.#isRunning || !coordinator) throw new Error('there is no stopped fit to resume');
    this.#isRunning = true;
    // What was said to it after it had stopped is past.
    this.#isStopped = false;
    /** @type {Promise<void>} */
    const woken = new Promise((resolve) => (this.#wake = resolve));
    const reports = seldom(report);
    try {
      do {
        while (this.#ask(coordinator, reports.next)) {
          const answers = await this.#answers(woken);
          coordinator.tell(answers);
          const progress = coordinator.progress();
          if (progress) reports.next(progress);
        }
      } while (this.#beginFit(coordinator));
      // Whatever comes of it, the coordinator is used up.
      this.#coordinator = null;
      const model = coordinator.finish();
      this.free();
      return model;
    } catch (error) {
      if (!(error instanceof Stopped)) this.free();
      throw error;
    } finally {
      this.#isRunning = false;
      reports.last();
    }
  }

  /** Ends `prepare` as soon as its call is over, and `run` at once, whatever the shares are at. */
  stop() {
    this.#isStopped = true;
    this.#wake();
  }

  /** Ends it for good. */
  free() {
    this.stop();
    for (const share of this.#shares) share.terminate();
    this.#shares = [];
    this.#asked = null;
    this.#coordinator?.free();
    this.#coordinator = null;
  }

  /**
   * Asks the next question, unless its answers are still to come from before a stop.
   *
   * @param {Coordinator} coordinator
   * @param {(progress: FitProgress) => void} report
   * @returns {boolean} whether there is one
   */
  #ask(coordinator, report) {
    if (!this.#asked) {
      const question = coordinator.ask();
      if (!question) return false;
      if (!this.#isFitting) this.#passes += 1;
      this.#asked = inOrder(this.#shares.map((share) => share.answer(question)));
      // Those of a stopped fit may fail before they are asked for.
      this.#asked.catch(() => {});
    }
    if (!this.#isFitting) report({ reading: this.#passes });
    return true;
  }

  /** @param {Promise<void>} woken by a stop */
  async #answers(woken) {
    const asked = /** @type {Promise<Uint8Array[]>} */ (this.#asked);
    await Promise.race([asked, woken]);
    if (this.#isStopped) throw new Stopped(this.#coordinator !== null);
    this.#asked = null;
    return asked;
  }

  /**
   * @param {Coordinator} coordinator
   * @returns {boolean} whether it was to be begun
   */
  #beginFit(coordinator) {
    if (this.#isFitting) return false;
    coordinator.fit(this.#options);
    this.#isFitting = true;
    return true;
  }
}

/** A worker of `share-worker.js`, as the leader sees it. */
class ShareWorker {
  #worker = new Worker(new URL('./share-worker.js', import.meta.url), { type: 'module' });
  #lastId = 0;
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: PredictionError) => void}>} */
  #pending = new Map();
  /** @type {PredictionError | null} why it answers no more */
  #failure = null;

  /** @param {Omit<OpenShareRequest, 'id' | 'type'>} share */
  constructor(share) {
    this.#worker.addEventListener('message', (/** @type {MessageEvent<ShareReply>} */ { data }) => this.#receive(data));
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#fail(event.message || 'it could not be loaded');
    });
    // When it fails, so do the answers.
    this.#post({ id: 0, type: 'open', ...share }).catch(() => {});
  }

  /**
   * @param {Uint8Array} question
   * @returns {Promise<Uint8Array>}
   */
  answer(question) {
    return this.#post({ id: (this.#lastId += 1), type: 'answer', question });
  }

  /** What it was asked is never answered. */
  terminate() {
    this.#worker.terminate();
    this.#pending.clear();
  }

  /**
   * @param {ShareRequest} request
   * @returns {Promise<any>}
   */
  #post(request) {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  /** @param {ShareReply} reply */
  #receive(reply) {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if ('ok' in reply) pending?.resolve(reply.ok);
    else pending?.reject(refusal(reply.error));
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#failure = refusal({ kind: 'crashed', message: reason });
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}

/** @param {ErrorData} error */
function refusal(error) {
  if (error.kind !== 'crashed') return new PredictionError(error);
  // Not `crashed`: the engine that hears of it is well.
  const message = `a worker that reads the table stopped (${error.message}); train again`;
  return new PredictionError({ kind: 'share_failed', message });
}

/**
 * @param {Promise<Uint8Array>[]} answers
 * @returns {Promise<Uint8Array[]>} rejected with the error of the first share that has one, whichever fails first:
 *   so it is the error that one share alone would have had
 */
async function inOrder(answers) {
  for (const answer of answers) answer.catch(() => {});
  const inOrder = [];
  for (const answer of answers) inOrder.push(await answer);
  return inOrder;
}

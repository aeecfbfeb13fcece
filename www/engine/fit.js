/**
 * A fit in slices, on the worker's side: between two of them the worker hears messages, so it can say how far the
 * fit is, stop it, and answer what else the page asks.
 */

import { rolesAndFit } from '../shared/options.js';

/** @import {DatasetSample, Model, Progress, Trainer, TrainOptions} from '../pkg/train/tepal.js' */
/** @import {FitProgress} from '../shared/protocol.js' */

/** Long enough that the turns between slices cost nothing, short enough that a stop is heard at once. */
const SLICE_MS = 20;

/** No eye follows more reports than this. */
const REPORT_MS = 50;

/** More rounds between two reports are not told apart by eye. */
const MOST_PASSED = 500;

/** Rows of the table that a plot shows: more would lie over each other. */
const SAMPLE_ROWS = 1000;

export class Fit {
  /** @type {DatasetSample | null} some of the rows */
  sample = null;
  /** @type {Trainer | null} null before it is prepared, and once it is used up or freed */
  #trainer = null;
  #isRunning = false;
  #isStopped = false;

  /**
   * Each of the two steps is one call that hears nothing, and takes seconds on a large table.
   *
   * @param {typeof import('../pkg/train/tepal.js')} build
   * @param {Uint8Array} table a CSV file
   * @param {TrainOptions} options
   */
  async prepare(build, table, options) {
    const { roles, fitOptions } = rolesAndFit(options);
    await this.#turn();
    const dataset = new build.Dataset(table, roles);
    try {
      await this.#turn();
      this.sample = dataset.sample(SAMPLE_ROWS);
      this.#trainer = new build.Trainer(dataset, fitOptions);
    } finally {
      dataset.free();
    }
  }

  /**
   * Does the rounds that are left. Rejects with kind `stopped` when it is stopped, and can then be run again.
   *
   * @param {(progress: FitProgress) => void} report called now and then, and with the last progress in any case
   * @returns {Promise<Model>}
   */
  async run(report) {
    if (this.#isRunning || !this.#trainer) throw new Error('there is no stopped fit to resume');
    this.#isRunning = true;
    // What was said to it after it had stopped is past.
    this.#isStopped = false;
    /** @type {Progress[]} the rounds since the last report */
    let passed = [];
    const reports = seldom((/** @type {Progress} */ last) => {
      report({ ...last, passed });
      passed = [];
    });
    try {
      let progress = null;
      do {
        await this.#turn();
        // The first round is told at once.
        progress = this.#slice(this.#trainer, passed, progress ? SLICE_MS : 0);
        reports.next(progress);
      } while (!progress.done);
    } finally {
      this.#isRunning = false;
      reports.last();
    }
    const trainer = this.#trainer;
    // Whatever comes of it, the trainer is used up.
    this.#trainer = null;
    return trainer.finish();
  }

  /** Ends `prepare` or `run` as soon as the call is over that is under way. */
  stop() {
    this.#isStopped = true;
  }

  /** Ends it for good. */
  free() {
    this.stop();
    this.#trainer?.free();
    this.#trainer = null;
  }

  /**
   * @param {Trainer} trainer
   * @param {Progress[]} passed takes the rounds; of very many every other one
   * @param {number} milliseconds
   * @returns {Progress} of the last round
   */
  #slice(trainer, passed, milliseconds) {
    const end = performance.now() + milliseconds;
    let progress;
    do {
      progress = trainer.step(1);
      if (passed.length === MOST_PASSED) passed.splice(0, Infinity, ...passed.filter((_, i) => i % 2 === 0));
      passed.push(progress);
    } while (!progress.done && performance.now() < end);
    return progress;
  }

  /** Lets the worker hear what was sent to it meanwhile. */
  async #turn() {
    await turn();
    if (this.#isStopped) throw new Stopped(this.#trainer !== null);
  }
}

export class Stopped extends Error {
  kind = 'stopped';

  /** @param {boolean} resumable */
  constructor(resumable) {
    super('the fit was stopped');
    this.resumable = resumable;
  }
}

/**
 * @template P
 * @param {(progress: P) => void} report
 */
export function seldom(report) {
  let reportedAt = Number.NEGATIVE_INFINITY;
  /** @type {P | null} */
  let waiting = null;
  function last() {
    if (!waiting) return;
    report(waiting);
    reportedAt = performance.now();
    waiting = null;
  }
  return {
    /** @param {P} progress */
    next(progress) {
      waiting = progress;
      if (performance.now() - reportedAt >= REPORT_MS) last();
    },
    last,
  };
}

/** Node.js has it, which takes up to 1,000 messages before its timers. @type {{setImmediate?: (call: () => void) => void}} */
const { setImmediate } = /** @type {any} */ (globalThis);

/** @type {() => Promise<void>} */
export const turn = setImmediate ? () => new Promise((resolve) => setImmediate(resolve)) : byMessage();

/**
 * A message to oneself queues behind those of the page. `setTimeout(0)` would come after 4 ms, and `scheduler.yield` is meant
 * to go on before others have their turn.
 */
function byMessage() {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  return () =>
    new Promise((/** @type {(value: void) => void} */ resolve) => {
      port1.addEventListener('message', () => resolve(), { once: true });
      port2.postMessage(null);
    });
}

import { Stopped } from '../../www/engine/fit.js';
import { checkStoppable } from './checks.js';

/** @import {Signal} from '../types/source.js' */
/** @import {Instance} from './engine.js' */

/**
 * What can be followed and stopped. What a caller's own function throws stays what it is.
 *
 * @template P
 */
export class Stoppable {
  #signal;
  #onProgress;
  /** @type {unknown[]} what the caller's function has thrown */
  #thrown = [];
  /** @type {() => void} */
  #stop = () => {};

  /** @param {{signal?: Signal | null, onProgress?: ((progress: P) => unknown) | null}} options */
  constructor(options) {
    checkStoppable(options);
    this.#signal = options.signal;
    this.#onProgress = options.onProgress;
    this.#signal?.throwIfAborted();
  }

  /**
   * What is waited for, unless the signal comes first.
   *
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>}
   */
  async wait(promise) {
    const signal = this.#signal;
    if (!signal) return promise;
    let leave = () => {};
    /** @type {Promise<never>} */
    const aborted = new Promise((_, reject) => {
      leave = () => reject(signal.reason);
    });
    signal.addEventListener('abort', leave);
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /**
   * @template T
   * @param {Instance<any>} engine that the job asks
   * @param {{stop: () => void, free?: () => void}} job
   * @param {(report: (progress: P) => void) => Promise<T>} run
   */
  async run(engine, job, run) {
    this.#signal?.throwIfAborted();
    this.#stop = () => job.stop();
    this.#signal?.addEventListener('abort', this.#stop);
    try {
      const made = await run((progress) => this.#report(progress));
      if (this.#thrown.length > 0) throw this.#thrown[0];
      return made;
    } catch (error) {
      job.free?.();
      if (this.#thrown.length > 0) throw this.#thrown[0];
      throw error instanceof Stopped ? (this.#signal?.reason ?? error) : engine.said(error);
    } finally {
      this.#signal?.removeEventListener('abort', this.#stop);
    }
  }

  /** @param {P} progress */
  async #report(progress) {
    try {
      await this.#onProgress?.(progress);
    } catch (error) {
      this.#thrown.push(error);
      this.#stop();
    }
  }
}

import { Stopped } from '../../www/engine/fit.js';

/** @import {Engine} from './engine.js' */
/** @import {Signal} from '../types/source.js' */

/**
 * Runs what can be followed and stopped. What a caller's own function throws stays what it is.
 *
 * @template T, P
 * @param {Engine<any>} engine that it asks
 * @param {{stop: () => void, free?: () => void}} job
 * @param {{signal?: Signal, onProgress?: (progress: P) => void}} options
 * @param {(report: (progress: P) => void) => Promise<T>} run
 */
export async function stoppable(engine, job, { signal, onProgress }, run) {
  signal?.throwIfAborted();
  /** @type {unknown[]} */
  const thrown = [];
  const report = (/** @type {P} */ progress) => {
    try {
      onProgress?.(progress);
    } catch (error) {
      thrown.push(error);
      job.stop();
    }
  };
  const stop = () => job.stop();
  signal?.addEventListener('abort', stop);
  try {
    const made = await run(report);
    if (thrown.length > 0) throw thrown[0];
    return made;
  } catch (error) {
    job.free?.();
    if (thrown.length > 0) throw thrown[0];
    throw error instanceof Stopped ? (signal?.reason ?? error) : engine.said(error);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

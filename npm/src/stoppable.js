import { Stopped } from '../../www/engine/fit.js';

/** @import {Engine} from './engine.js' */

/**
 * Runs what can be stopped, until a signal says so.
 *
 * @template T
 * @param {Engine<any>} engine that it asks
 * @param {{stop: () => void, free?: () => void}} job
 * @param {AbortSignal | undefined} signal
 * @param {() => Promise<T>} run
 */
export async function stoppable(engine, job, signal, run) {
  signal?.throwIfAborted();
  const stop = () => job.stop();
  signal?.addEventListener('abort', stop);
  try {
    return await run();
  } catch (error) {
    job.free?.();
    throw error instanceof Stopped ? (signal?.reason ?? error) : engine.said(error);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

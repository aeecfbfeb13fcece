/**
 * What takes longest is begun first, while the modules of the page are still on their way: the worker, which loads the
 * engine, and the bundled model.
 */

/** Whether the page's policy refused a script or the engine's file. */
let isRefused = false;
export const wasRefused = () => isRefused;
document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
  isRefused ||= /^(script|worker|connect|default)-src/.test(effectiveDirective);
});

export const BUNDLED = { name: 'iris.tepal', url: './models/iris.tepal' };

export const bundledModel = fetch(BUNDLED.url);
// The request that waits for it is told of a failure; here it only must not be unhandled.
bundledModel.catch(() => {});

const begin = () => new Worker(new URL('../engine/worker.js', import.meta.url), { type: 'module' });
const worker = begin();
/** @type {ErrorEvent | null} what went wrong before there was a listener */
let early = null;
const keep = (/** @type {ErrorEvent} */ event) => {
  early = event;
};
worker.addEventListener('error', keep);
let isTaken = false;

/** The worker that was begun; each further time a new one. */
export function createWorker() {
  if (isTaken) return begin();
  isTaken = true;
  worker.removeEventListener('error', keep);
  const { message } = early ?? {};
  if (early) queueMicrotask(() => worker.dispatchEvent(new ErrorEvent('error', { message, cancelable: true })));
  return worker;
}

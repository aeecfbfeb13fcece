/** What takes longest is begun first: the engine and the bundled model. */

import { DirectEngine } from './direct-engine.js';

/** Whether the page's policy refused a script or the engine's file. */
let isRefused = false;
export const wasRefused = () => isRefused;
document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
  isRefused ||= /^(script|worker|connect|default)-src/.test(effectiveDirective);
});

export const direct = new DirectEngine(undefined, async () => {
  const build = await import('../pkg/graphs/tepal.js');
  await build.default();
  return build;
});

export const BUNDLED = { name: 'iris.tepal', url: './models/iris.tepal' };

/** Whether the address has a model of its own, which is opened in place of the bundled one. */
export const hasLinkedModel = () => location.hash.includes(';file=');
export const isOwnFirst = !hasLinkedModel();

export const bundledModel = fetch(BUNDLED.url);
// The request that waits for it is told of a failure; here it only must not be unhandled.
bundledModel.catch(() => {});

/** Trains and scores files. The first answer does not need it. */
export const createWorker = () => new Worker(new URL('../engine/worker.js', import.meta.url), { type: 'module' });

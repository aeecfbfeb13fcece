/** @import * as PlotModule from '@observablehq/plot' */

/** @typedef {typeof PlotModule} PlotLibrary */

const SCRIPTS = ['./vendor/d3.min.js', './vendor/plot.umd.min.js'];

/** @type {Promise<PlotLibrary> | null} */
let loading = null;

/** The end of what is to be drawn before: drawings come one after the other, each in a task of its own. */
let queue = Promise.resolve();

/**
 * Observable Plot, loaded when the first plot is shown. It and what it is built on are classic scripts, which come in
 * one file each.
 *
 * @returns {Promise<PlotLibrary>}
 */
export function loadPlot() {
  loading ??= load().catch((error) => {
    // Another plot may try again, as when the network is back.
    loading = null;
    throw error;
  });
  return loading;
}

async function load() {
  for (const script of SCRIPTS) await run(script);
  return /** @type {Window & {Plot?: any}} */ (window).Plot;
}

/** @param {string} source */
function run(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = source;
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error(`${source} could not be loaded`)));
    document.head.append(script);
  });
}

/**
 * Draws when the page has had time for what else there is.
 *
 * @param {() => void} draw
 */
export function drawSoon(draw) {
  queue = queue.then(() => new Promise((resolve) => setTimeout(resolve))).then(draw).catch(console.error);
}

/**
 * The drawing of some options, without the style sheet that Plot puts in: a strict Content-Security-Policy refuses
 * it once it is in the page, and styles/train.css has the same rules. Nor do its parts have names: the whole is one
 * picture with a name of its own.
 *
 * @param {PlotLibrary} Plot
 * @param {PlotModule.PlotOptions} options
 * @returns {SVGSVGElement & PlotModule.Plot}
 */
export function drawing(Plot, options) {
  const drawn = /** @type {any} */ (Plot.plot({ className: 'plot', ...options }));
  for (const style of drawn.querySelectorAll('style')) style.remove();
  for (const part of drawn.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  return drawn;
}

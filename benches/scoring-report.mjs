// The tables of predictions: in the browser, and the same rows natively.
import { printTable, ratio, show } from './print.mjs';

const TITLES = {
  plain: 'plain JS',
  'plain-unrolled': 'plain JS, four sums',
  tepal: 'tepal, predictMany',
  'tepal-memory': 'tepal, predictInput',
  m2cgen: 'm2cgen',
  onnx: 'onnxruntime-web',
  tfjs: 'TensorFlow.js, wasm',
};

const microseconds = (timed) => show(timed && 1e3 * timed.milliseconds);
const kilobytes = (bytes) => (bytes == null ? '-' : (bytes / 1000).toFixed(bytes < 1e5 ? 1 : 0));
const scientific = (number) => (number == null ? '-' : number.toExponential(1));

const COLUMNS = [
  ['', ({ title }) => title],
  ['rows ms', ({ many }) => show(many?.milliseconds)],
  ['/JS', ({ many }) => show(many?.ratio)],
  ['1 row µs', ({ one }) => microseconds(one)],
  ['/JS', ({ one }) => show(one?.ratio)],
  ['by names µs', ({ named }) => microseconds(named)],
  ['/JS', ({ named }) => show(named?.ratio)],
  ['start ms', ({ coldStart }) => show(coldStart)],
  ['KB brotli', ({ bytes }) => kilobytes(bytes)],
  ['off by', ({ difference }) => scientific(difference)],
];

function engineRow([id, result], versions) {
  const differences = [result.many, result.one, result.named].filter(Boolean).map(({ difference }) => difference);
  const title = [TITLES[id], versions[id]].filter(Boolean).join(' ');
  return { ...result, title, difference: Math.max(...differences) };
}

/** Natively there is no page to load, and one row is not timed. */
function nativeRow(title, timed, plain) {
  if (!timed) return [];
  const { milliseconds, difference } = timed;
  return [{ title, many: { milliseconds, ratio: ratio(milliseconds, plain?.many.milliseconds) }, difference }];
}

/** @param {object} inBrowser @param {object} native @param {object} sklearn results by table, or empty objects */
export function printScoring(inBrowser, native, sklearn) {
  const { chromium, versions = {}, tables = {} } = inBrowser;
  for (const name of new Set([tables, native, sklearn].flatMap(Object.keys))) {
    const engines = tables[name] ?? {};
    console.log(`\npredictions for ${name}${chromium ? `, Chromium ${chromium}` : ''}`);
    printTable(COLUMNS, [
      ...Object.entries(engines).map((entry) => engineRow(entry, versions)),
      ...nativeRow('native tepal', native[name], engines.plain),
      ...nativeRow(`native scikit-learn ${sklearn[name]?.version}`, sklearn[name], engines.plain),
    ]);
    const quotient = ratio(native[name]?.milliseconds, sklearn[name]?.milliseconds);
    if (quotient != null) console.log(`native tepal/sklearn: ${show(quotient)}`);
  }
}

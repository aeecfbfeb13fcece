// Fits to a file by some share workers, as the page's worker does, and times the parts: one message, one answer.

import init, * as build from '/pkg/shares/tepal.js';
import { FileFit } from '/engine/file-fit.js';

const OPTIONS = { target: 'y', name: 'shares', created: 1_790_000_000 };

/** Told apart from the rest of the work: the passes to survey the rows, and the fit. */
let fitBegan = 0;

class Coordinator extends build.Coordinator {
  fit(options) {
    fitBegan = performance.now();
    super.fit(options);
  }
}

async function measure({ file, shares, memory }) {
  await init();
  const fit = new FileFit({ shares, memory });
  const start = performance.now();
  await fit.prepare({ ...build, Coordinator }, file, OPTIONS);
  const scanned = performance.now();
  let passes = 1;
  const model = await fit.run((progress) => {
    if ('reading' in progress) passes = progress.reading;
  });
  const done = performance.now();
  const { digest, training } = model.describe();
  const bytes = model.encode();
  model.free();
  return {
    scan: scanned - start,
    survey: fitBegan - scanned,
    fit: done - fitBegan,
    total: done - start,
    passes,
    rows: training.rows,
    rounds: training.rounds,
    solver: training.solver,
    digest,
    bytes,
  };
}

addEventListener('message', async ({ data }) => {
  try {
    postMessage(await measure(data));
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
});

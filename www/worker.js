/**
 * The engine's side of the protocol: runs the WebAssembly builds away from the page, which therefore never
 * stutters. It keeps one open model, and at most one fit. The training build is larger and is loaded only when
 * it is first asked for.
 */

import { Fit } from './fit.js';
import loadPredictBuild, { Model } from './pkg/predict/tepal.js';

/** @import {Answers, EngineReply, EngineRequest, ErrorData, OpenModel} from './protocol.js' */
/** @import {ModelDescription} from './pkg/predict/tepal.js' */
/** @import {Progress, TrainOptions} from './pkg/train/tepal.js' */

/** @typedef {(progress: Progress) => void} Report */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

const predictBuild = loadPredictBuild();
// A build that cannot be loaded is reported by every request that awaits it; here it only must not be
// unhandled.
predictBuild.catch(() => {});

/** @type {Promise<typeof import('./pkg/train/tepal.js')> | undefined} */
let trainBuild;

/** @type {Model | undefined} */
let model;

/** @type {Fit | undefined} under way, or stopped and kept */
let fit;

function loadTrainBuild() {
  trainBuild ??= import('./pkg/train/tepal.js').then(async (build) => {
    await build.default();
    return build;
  });
  // A lost connection is no reason to refuse for ever: the next request tries again.
  trainBuild.catch(() => {
    trainBuild = undefined;
  });
  return trainBuild;
}

/**
 * @param {Uint8Array} bytes
 * @returns {ModelDescription}
 */
function openModel(bytes) {
  const opened = Model.decode(bytes);
  const description = opened.describe();
  model?.free();
  model = opened;
  return description;
}

function discardFit() {
  fit?.free();
  fit = undefined;
}

/**
 * @param {Uint8Array} table
 * @param {TrainOptions} options
 * @param {Report} report
 * @returns {Promise<OpenModel>}
 */
async function trainModel(table, options, report) {
  discardFit();
  const mine = new Fit();
  // Before the build is there, so that it can be stopped from now on.
  fit = mine;
  await mine.prepare(await loadTrainBuild(), table, options);
  return finishFit(mine, report);
}

/**
 * The fitted model is opened again from its own file by the predict build. So the page answers from the very
 * bytes that it saves, and their proof rows were replayed by the other build.
 *
 * @param {Fit | undefined} mine
 * @param {Report} report
 * @returns {Promise<OpenModel>}
 */
async function finishFit(mine, report) {
  if (!mine) throw new Error('there is no stopped fit to resume');
  const trained = await mine.run(report);
  try {
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (trained.encode());
    return { bytes, description: openModel(bytes) };
  } finally {
    trained.free();
  }
}

/**
 * @param {EngineRequest} request
 * @param {Report} report how far a fit is
 * @returns {Promise<Answers[keyof Answers]>}
 */
async function answer(request, report) {
  await predictBuild;
  switch (request.type) {
    case 'open':
      return openModel(request.bytes);
    case 'predict':
      if (!model) throw new Error('no model is open');
      return model.predict(request.row);
    case 'columns':
      discardFit();
      return (await loadTrainBuild()).columns(request.table);
    case 'train':
      return trainModel(request.table, request.options, report);
    case 'resume':
      return finishFit(fit, report);
    case 'stop':
      fit?.stop();
      return null;
    case 'discard':
      discardFit();
      return null;
  }
}

/**
 * @param {unknown} error
 * @returns {ErrorData}
 */
function describeError(error) {
  if (!(error instanceof Error)) return { kind: 'internal', message: String(error) };
  // A trap, or a stack that ran over. The instance's memory can no longer be trusted.
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    return { kind: 'crashed', message: error.message };
  }
  const { kind = 'internal', row, column, resumable } = /** @type {Error & Partial<ErrorData>} */ (error);
  return { kind, message: error.message, row, column, resumable };
}

scope.addEventListener('message', async (/** @type {MessageEvent<EngineRequest>} */ event) => {
  const { id } = event.data;
  /** @param {EngineReply} reply */
  const post = (reply) => scope.postMessage(reply);
  try {
    post({ id, ok: await answer(event.data, (progress) => post({ id, progress })) });
  } catch (error) {
    post({ id, error: describeError(error) });
  }
});

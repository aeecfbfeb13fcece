/**
 * The engine's side of the protocol: runs the WebAssembly builds away from the page, which therefore never
 * stutters. It keeps at most one fit, and one open model, for files of rows and where the page itself cannot predict.
 * Each build is loaded when it is first asked for.
 */

import { CANNOT_RUN, describeError, PredictionError } from '../shared/protocol.js';

/** @import {Model, ModelDescription} from '../pkg/predict/tepal.js' */
/** @import {TrainOptions} from '../pkg/train/tepal.js' */
/** @import {ReadOptions} from '../shared/options.js' */
/**
 * @import {Answers, EngineReply, EngineRequest, FitProgress, Fitted, PostedTable, Profiled, ScoreProgress,
 *   TranslateRequest, Translation
 *   } from '../shared/protocol.js'
 */
/** @import {FileFit} from './file-fit.js' */
/** @import {Fit} from './fit.js' */
/** @import {Scoring} from './scoring.js' */

/** @typedef {(progress: FitProgress | ScoreProgress) => void} Report */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** What a Content-Security-Policy refused here: the error that follows need not name it. */
let refusal = '';
scope.addEventListener('securitypolicyviolation', (event) => {
  const { effectiveDirective, blockedURI } = /** @type {SecurityPolicyViolationEvent} */ (event);
  refusal ||= `refused by the Content-Security-Policy, ${effectiveDirective} of ${blockedURI}: `;
});

/**
 * @param {unknown} error
 * @returns {Promise<string>} why a build cannot be loaded
 */
async function reasonOf(error) {
  // The violation is told in a task of its own.
  await new Promise((resolve) => setTimeout(resolve, 0));
  return refusal + (error instanceof Error ? error.message : String(error));
}

const loadPredictBuild = once(async () => {
  try {
    const build = await import('../pkg/predict/tepal.js');
    await build.default();
    return build;
  } catch (error) {
    throw new PredictionError({ kind: 'unavailable', message: CANNOT_RUN + (await reasonOf(error)) });
  }
});

/** What fits and scores files: the first prediction does not wait for it. */
const loadJobs = once(async () => {
  const [{ Fit, Stopped, turn }, { FileFit }, { readHead }, { Scoring }, { translate }] = await Promise.all([
    import('./fit.js'), import('./file-fit.js'), import('./head.js'), import('./scoring.js'), import('../formats/table-file.js'),
  ]);
  return { Fit, Stopped, turn, FileFit, readHead, Scoring, translate };
});

/** What predicts, also of models that are graphs. */
const loadGraphsBuild = once(async () => {
  const build = await import('../pkg/graphs/tepal.js');
  await build.default().catch(async (error) => Promise.reject(new Error(await reasonOf(error))));
  return build;
});

const loadTrainBuild = once(async () => {
  const build = await import('../pkg/train/tepal.js');
  await build.default().catch(async (error) => Promise.reject(new Error(await reasonOf(error))));
  return build;
});

const loadImportBuild = once(async () => {
  const build = await import('../pkg/import/tepal.js');
  await build.default().catch(async (error) => Promise.reject(new Error(await reasonOf(error))));
  return build;
});

/** What the training build has, and what reads a large table in shares. */
const loadSharesBuild = once(async () => {
  const build = await import('../pkg/shares/tepal.js');
  await build.default();
  return build;
});

/** @type {Model | undefined} */
let model;

/** The file of the model asked for last, which files of rows are scored with. @type {Uint8Array | undefined} */
let modelFile;

/** Ends when the model asked for last is open, or was refused. */
let opening = Promise.resolve();

/** @type {Fit | FileFit | undefined} under way, or stopped and kept */
let fit;

/** @type {Scoring | undefined} under way */
let scoring;

/** How many files were to be translated, for each purpose. */
const translations = { table: 0, rows: 0 };

/**
 * @template B
 * @param {() => Promise<B>} load
 * @returns {() => Promise<B>}
 */
function once(load) {
  /** @type {Promise<B> | undefined} */
  let build;
  return () => {
    build ??= load();
    // A lost connection is no reason to refuse for ever: the next request tries again.
    build.catch(() => {
      build = undefined;
    });
    return build;
  };
}

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<ModelDescription>}
 */
async function openModel(bytes) {
  const opened = await decoded(bytes);
  const description = opened.describe();
  model?.free();
  model = opened;
  return description;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<Model>} of the build that knows it
 */
async function decoded(bytes) {
  const { Model } = await loadPredictBuild();
  try {
    return Model.decode(bytes);
  } catch (error) {
    if (describeError(error).kind !== 'unsupported_version') throw error;
  }
  return (await loadGraphsBuild()).Model.decode(bytes);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<ModelDescription>}
 */
function beginOpening(bytes) {
  modelFile = bytes;
  const description = openModel(bytes);
  opening = description.then(() => {}, () => {});
  return description;
}

function discardFit() {
  fit?.free();
  fit = undefined;
}

/**
 * @param {TranslateRequest} request
 * @returns {Promise<Translation>}
 */
async function translateFile({ file, purpose, sheet }) {
  const mine = (translations[purpose] += 1);
  const { translate, Stopped, turn } = await loadJobs();
  return translate(file, sheet, async () => {
    await turn();
    if (mine !== translations[purpose]) throw new Stopped(false);
  });
}

/**
 * @param {PostedTable} table
 * @param {ReadOptions} options
 * @returns {Promise<Profiled>}
 */
async function profileTable(table, options) {
  const { headLength, profile } = await loadTrainBuild();
  if (!(table instanceof Blob)) return { profile: profile(table, options), isWhole: true };
  const { readHead } = await loadJobs();
  const head = await readHead(table, (piece, isAll) => headLength(piece, isAll, options));
  return { profile: profile(head, options), isWhole: false };
}

/** @returns {Promise<Model>} */
async function openedModel() {
  await opening;
  if (!model) throw new Error('no model is open');
  return model;
}

/** @returns {Promise<Scoring>} with the open model; there before the build is, so that it can be stopped from now on */
async function beginScoring() {
  scoring?.stop();
  const { Scoring } = await loadJobs();
  if (!modelFile) throw new Error('no model is open');
  scoring = new Scoring(loadTrainBuild, modelFile);
  return scoring;
}

/**
 * @param {PostedTable} table
 * @param {TrainOptions} options
 * @param {Report} report
 * @returns {Promise<Fitted>}
 */
async function trainModel(table, options, report) {
  discardFit();
  const { Fit, FileFit } = await loadJobs();
  // Before the build is there, so that it can be stopped from now on.
  if (table instanceof Blob) {
    const mine = (fit = new FileFit());
    await mine.prepare(await loadSharesBuild(), table, options, report);
    return finishFit(mine, report);
  }
  const mine = (fit = new Fit());
  await mine.prepare(await loadTrainBuild(), table, options);
  return finishFit(mine, report);
}

/**
 * @param {Fit | FileFit | undefined} mine
 * @param {Report} report
 * @returns {Promise<Fitted>}
 */
async function finishFit(mine, report) {
  if (!mine) throw new Error('there is no stopped fit to resume');
  const trained = await mine.run(report);
  try {
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (trained.encode());
    return { bytes, report: trained.report(), sample: mine.sample };
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
  switch (request.type) {
    case 'open':
      return beginOpening(request.bytes);
    case 'upgrade':
      return /** @type {Uint8Array<ArrayBuffer>} */ ((await loadTrainBuild()).upgrade(request.bytes));
    case 'import':
      return /** @type {Uint8Array<ArrayBuffer>} */ ((await loadImportBuild()).importModel(request.bytes, request.options));
    case 'tree':
      return (await loadTrainBuild()).tree(request.bytes, request.number);
    case 'predict':
      return (await openedModel()).predict(request.row);
    case 'explain':
      return (await openedModel()).explain(request.row);
    case 'predictMany':
      return (await openedModel()).predictMany(request.values);
    case 'translate':
      return translateFile(request);
    case 'profile':
      discardFit();
      return profileTable(request.table, request.options);
    case 'match':
      return (await beginScoring()).match(request.file, request.options);
    case 'score':
      return (await beginScoring()).run(request.file, request.options, report);
    case 'stopScoring':
      scoring?.stop();
      return null;
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

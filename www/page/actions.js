import { text } from '../i18n/text.js';
import { explain } from '../i18n/wording.js';
import { isLarge, PredictionError, tableData } from '../shared/protocol.js';
import { caseActions } from './case-actions.js';
import { fallbackActions } from './fallback.js';
import { withModel } from './single-page.js';

/** @import {Matching, TrainOptions} from '../pkg/train/tepal.js' */
/** @import {FitProgress, FittedModel, Matches, OpenModel} from '../shared/protocol.js' */
/** @import {Engine} from './client.js' */
/** @import {Server} from './server.js' */
/** @import {Batch, ServerCheck, Source, State, Store} from './state.js' */

/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * What a visitor can do. Each action changes the state; a failure ends in the state as well, never in an
 * exception.
 *
 * @param {Store} store
 * @param {Engine} engine
 * @param {Server} server
 */
export function createActions(store, engine, server) {
  /** Counts models asked for: one that comes late, asked for before another, is dropped. */
  let modelsAsked = 0;

  /** Counts tables chosen: columns that come late, of a table chosen before, are dropped. */
  let tablesChosen = 0;

  /**
   * The fit that the page shows. One that is not `wanted` any more is not begun: a visitor may stop it, or
   * choose another table, while the file is still being read.
   * @type {{wanted: boolean} | null}
   */
  let current = null;

  /** The batch that the page shows. Of one before, or with other matches, nothing is heard any more. */
  let batches = 0;

  /**
   * @param {string} name
   * @param {Blob} file
   * @param {Matches} matches
   * @param {Matching | null} [matching] what is shown until there is another
   */
  async function match(name, file, matches, matching = null) {
    const mine = (batches += 1);
    const before = store.get().batch;
    /** @type {Batch} */
    const batch = {
      name, file, matches,
      matching: null, progress: null, busy: null, scored: null, isStopped: false, failure: null,
    };
    // Without a model the file waits for one.
    const isAsked = store.get().model !== null;
    store.set({ batch: isAsked ? { ...batch, matching, busy: 'matching' } : batch });
    if (!isAsked) return;
    try {
      const found = await engine.match(file, matches);
      if (mine === batches) store.set({ batch: { ...batch, matching: found } });
    } catch (error) {
      const failure = text().rows.unreadable(name, explain(error));
      if (mine !== batches) return;
      // A file that is none leaves the one before with what came of it.
      const isKept = before?.matching && before.file !== file;
      store.set({ batch: isKept ? { ...before, busy: null, progress: null, failure } : { ...batch, failure } });
    }
  }

  /** @param {OpenModel} model */
  function useModel(model) {
    modelsAsked += 1;
    // The row belongs to the features of the model before; the form is drawn again and sends another.
    const { batch } = store.get();
    store.set({ model, row: null, answer: null, failure: null, explained: null, pinned: null });
    if (batch) match(batch.name, batch.file, {});
    if (store.get().source === 'server') checkServer();
  }

  // Each answer of the server says which model gave it: models change while it runs. A server that does not say so and was
  // out of reach is asked again: it may have been restarted.
  store.subscribe(({ answer, failure, source, serverCheck }, previous) => {
    const isKnown = serverCheck?.status === 'same' || serverCheck?.status === 'other';
    if (failure && failure !== previous.failure && source === 'server' && isKnown) {
      store.set({ serverCheck: { status: 'unreachable', message: failure } });
    }
    const answered = answer !== previous.answer && answer?.source === 'server';
    if (answered && server.answeredBy) compareModels(server.answeredBy, serverCheck);
    else if (answered && serverCheck?.status === 'unreachable') checkServer();
  });

  async function checkServer() {
    store.set({ serverCheck: { status: 'checking' } });
    try {
      compareModels(await server.model(), null);
    } catch (error) {
      report({ status: 'unreachable', message: explain(error) });
    }
  }

  /**
   * @param {{name: string, digest: string}} theirs
   * @param {ServerCheck | null} known what is said already, which need not be said again
   */
  function compareModels(theirs, known) {
    const isSame = theirs.digest === store.get().model?.description.digest;
    if (isSame && known?.status === 'same') return;
    if (!isSame && known?.status === 'other' && known.digest === theirs.digest) return;
    report(isSame ? { status: 'same' } : { status: 'other', ...theirs });
  }

  /** @param {ServerCheck} serverCheck */
  function report(serverCheck) {
    if (store.get().source === 'server') store.set({ serverCheck });
  }

  /**
   * @param {number} spent milliseconds before this, when the fit was stopped and goes on
   * @param {(fit: {wanted: boolean}, onProgress: (progress: FitProgress) => void) => Promise<FittedModel>} ask
   */
  async function fit(spent, ask) {
    const mine = { wanted: true };
    current = mine;
    const start = performance.now();
    /** @param {Partial<State>} changes */
    const show = (changes) => {
      if (mine === current) store.set(changes);
    };
    show({ busy: 'training', stopped: null, tableFailure: null, trainFailure: null, report: null });
    try {
      const model = await ask(mine, (progress) => show({ progress }));
      const milliseconds = spent + performance.now() - start;
      show({ busy: null, progress: null, notice: null, report: { model, milliseconds } });
      // The report is drawn in a task of its own: with the form of many features it is too long for one.
      await new Promise((drawn) => setTimeout(drawn));
      // Shown or not: it is the one that the engine answers with.
      useModel(model);
    } catch (error) {
      if (error instanceof PredictionError && error.kind === 'stopped') {
        const { resumable } = error;
        show({ busy: null, stopped: { resumable, milliseconds: spent + performance.now() - start } });
      } else {
        show({ busy: null, progress: null, trainFailure: `${explain(error)}.` });
      }
    }
  }

  async function stop() {
    if (current) current.wanted = false;
    await engine.stop();
  }

  return {
    ...caseActions(store),

    /**
     * @param {Uint8Array} bytes a model file
     * @returns {Promise<Blob | null>} its page in one file; null where that is said as a notice
     */
    async singlePage(bytes) {
      try {
        const page = await (await fetchFile('./pkg/single.html')).text();
        return new Blob([withModel(page, bytes)], { type: 'text/html' });
      } catch (error) {
        store.set({ notice: text().model.notSaved(explain(error)) });
        return null;
      }
    },

    /** @param {Source} source */
    async askSource(source) {
      store.set({ source, failure: null, serverCheck: null });
      if (source === 'server') await checkServer();
    },

    /**
     * @param {string} name
     * @param {() => Promise<Blob>} read
     */
    async openModel(name, read) {
      const mine = (modelsAsked += 1);
      try {
        const bytes = new Uint8Array(await (await read()).arrayBuffer());
        if (mine !== modelsAsked) return;
        const model = await engine.open(bytes);
        store.set({ notice: null, report: null });
        useModel(model);
      } catch (error) {
        if (mine !== modelsAsked) return;
        // That the engine cannot run is said in a place of its own.
        if (error instanceof PredictionError && error.kind === 'unavailable') return;
        store.set({ notice: text().page.notOpened(name, explain(error), store.get().model !== null) });
      }
    },

    /**
     * Takes the place of the table before once it can be read; until then, and if it never can, that one is kept.
     *
     * @param {string} name
     * @param {() => Promise<Blob>} read
     */
    async chooseTable(name, read) {
      const mine = (tablesChosen += 1);
      const stopped = stop();
      current = null;
      store.set({ busy: 'reading', progress: null, stopped: null, tableFailure: null, trainFailure: null });
      /** @type {Partial<State>} */
      let outcome;
      try {
        await stopped;
        await engine.discard();
        const file = await read();
        outcome = { table: { name, file, ...(await engine.profile(await tableData(file))) }, report: null };
      } catch (error) {
        outcome = { tableFailure: text().page.notRead(name, explain(error), store.get().table?.name ?? '') };
      }
      if (mine === tablesChosen) store.set({ ...outcome, busy: null });
    },

    /** @param {TrainOptions} options of which a large table leaves out `test`: it holds out no rows */
    async train(options) {
      const { table, busy } = store.get();
      if (!table || busy) return;
      const name = table.name.replace(/\.[^.]*$/, '') || options.target;
      const test = isLarge(table.file) ? undefined : options.test;
      const created = Math.floor(Date.now() / 1000);
      store.set({ progress: null });
      await fit(0, async (mine, onProgress) => {
        const data = await tableData(table.file);
        if (!mine.wanted) throw new PredictionError({ kind: 'stopped', message: 'stopped before it began' });
        return engine.train(data, { ...options, test, name, created }, onProgress);
      });
    },

    stop,

    async resume() {
      const { stopped, busy } = store.get();
      if (!stopped?.resumable || busy) return;
      await fit(stopped.milliseconds, (_, onProgress) => engine.resume(onProgress));
    },

    async discard() {
      const { stopped, busy } = store.get();
      if (!stopped || busy) return;
      store.set({ progress: null, stopped: null });
      // There is nothing to tell when the engine is gone, and the fit with it.
      await engine.discard().catch(() => {});
    },

    /**
     * @param {Float64Array<ArrayBuffer>} values of one row after the other, as the library's `predictMany` takes them
     * @returns {Promise<Float64Array>} by the model in use; rejects where it cannot
     */
    predictMany(values) {
      return engine.predictMany(values);
    },

    /** @param {File} file rows to predict */
    chooseBatch(file) {
      return match(file.name, file, {});
    },

    /**
     * @param {string} feature
     * @param {string | null} column that the feature is read from; null for the one of its own name
     */
    async matchFeature(feature, column) {
      const { batch } = store.get();
      if (!batch) return;
      // A column is read for one feature only.
      const others = Object.fromEntries(
        Object.entries(batch.matches).filter(([name, other]) => name !== feature && other !== column),
      );
      const matches = column === null ? others : { ...others, [feature]: column };
      await match(batch.name, batch.file, matches, batch.matching);
    },

    async score() {
      const { batch } = store.get();
      if (!batch?.matching || batch.busy) return;
      const mine = batches;
      /** @param {Partial<Batch>} changes */
      const show = (changes) => {
        const { batch: current } = store.get();
        if (mine === batches && current) store.set({ batch: { ...current, ...changes } });
      };
      show({ busy: 'scoring', progress: null, scored: null, isStopped: false, failure: null });
      try {
        const scored = await engine.score(batch.file, batch.matches, (progress) => show({ progress }));
        show({ busy: null, progress: null, scored });
      } catch (error) {
        const isStopped = error instanceof PredictionError && error.kind === 'stopped';
        show({ busy: null, isStopped, failure: isStopped ? null : `${explain(error)}.` });
      }
    },

    async stopScoring() {
      // An engine that crashed meanwhile says so to the request for the scores.
      await engine.stopScoring().catch(() => {});
    },

    async removeBatch() {
      batches += 1;
      store.set({ batch: null });
      await engine.stopScoring().catch(() => {});
    },

    ...fallbackActions(store, engine, server, useModel),

    dismissNotice() {
      store.set({ notice: null });
    },
  };
}

/**
 * @param {string} url on this origin
 * @returns {Promise<Blob>}
 */
export async function fetchFile(url) {
  return fileOf(await fetch(url));
}

/**
 * @param {Response} response
 * @returns {Promise<Blob>}
 */
export async function fileOf(response) {
  if (!response.ok) throw new Error(`${new URL(response.url).pathname}: the server answered ${response.status}`);
  // Not `blob()`: of a response that was preloaded, Chromium 156 sometimes fails to make one.
  return new Blob([await response.arrayBuffer()]);
}

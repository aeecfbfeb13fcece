import { text } from '../i18n/text.js';
import { explainReading } from '../i18n/read-words.js';
import { isLarge, PredictionError, tableData } from '../shared/protocol.js';
import { chosenFile, csvOf, notesOf, readingOf, readOtherwise, translated, withSheetsOf } from './chosen-file.js';

/** @import {TrainOptions} from '../pkg/train/tepal.js' */
/** @import {FitProgress, FittedModel, OpenModel} from '../shared/protocol.js' */
/** @import {Engine} from './client.js' */
/** @import {ChosenFile, Reading, State, Store} from './state.js' */

/** @typedef {ReturnType<typeof trainActions>} TrainActions */

/**
 * What a visitor can do with a table to train on, and with a fit to it.
 *
 * @param {Store} store
 * @param {Engine} engine
 * @param {(model: OpenModel) => void} useModel
 */
export function trainActions(store, engine, useModel) {
  /** Counts tables chosen: columns that come late, of a table chosen before, are dropped. */
  let tablesChosen = 0;

  /**
   * The fit that the page shows. One that is not `wanted` any more is not begun: a visitor may stop it, or
   * choose another table, while the file is still being read.
   * @type {{wanted: boolean} | null}
   */
  let current = null;

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
    show({ busy: 'training', stopped: null, tableFailure: null, trainFailure: null, trainProblem: null, report: null });
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
        const { kind, column, message } = /** @type {PredictionError} */ (error);
        show({ busy: null, progress: null, trainFailure: `${explainReading(error)}.`, trainProblem: { kind, column, message } });
      }
    }
  }

  async function stop() {
    if (current) current.wanted = false;
    await engine.stop();
  }

  /**
   * Takes the place of the table before once it can be read; until then, and if it never can, that one is kept.
   *
   * @param {string} name
   * @param {() => Promise<ChosenFile>} choose
   */
  async function read(name, choose) {
    const mine = (tablesChosen += 1);
    const stopped = stop();
    current = null;
    store.set({ busy: 'reading', progress: null, stopped: null, tableFailure: null, trainFailure: null, trainProblem: null });
    /** @type {Partial<State> & {chosenTable?: ChosenFile}} */
    let outcome = {};
    try {
      await stopped;
      await engine.discard();
      const chosen = await choose();
      outcome = { chosenTable: chosen };
      const chosenTable = await translated(engine, chosen, 'table');
      outcome = { chosenTable };
      const { profile, isWhole } = await engine.profile(await tableData(csvOf(chosenTable)), readingOf(chosenTable));
      const notes = notesOf(chosenTable, profile.notes);
      outcome = { chosenTable, table: { ...chosenTable, profile: { ...profile, notes }, isWhole }, report: null };
    } catch (error) {
      if (outcome.chosenTable) outcome.chosenTable = withSheetsOf(outcome.chosenTable, error);
      outcome.tableFailure = failureOf(name, error, outcome.chosenTable ?? null);
    }
    if (mine === tablesChosen) store.set({ ...outcome, busy: null });
  }

  /**
   * @param {string} name
   * @param {unknown} error
   * @param {ChosenFile | null} chosen null where there is no file of that name
   */
  function failureOf(name, error, chosen) {
    const { notRead, otherKept, keptAsRead } = text().train;
    const { table } = store.get();
    const failure = notRead(name, explainReading(error));
    if (!table) return failure;
    return table.file === chosen?.file ? keptAsRead(failure) : otherKept(failure, table.name);
  }

  return {
    /**
     * @param {string} name
     * @param {() => Promise<Blob>} fetchTable
     * @param {Reading} [readOptions]
     */
    async chooseTable(name, fetchTable, readOptions = {}) {
      await read(name, async () => ({ ...chosenFile(name, await fetchTable()), readOptions }));
    },

    /** Reads the file chosen last otherwise. @param {Reading} readOptions */
    async readTable(readOptions) {
      const { chosenTable } = store.get();
      if (!chosenTable) return;
      const chosen = readOtherwise(chosenTable, readOptions);
      store.set({ chosenTable: chosen });
      await read(chosen.name, async () => chosen);
    },

    /** @param {TrainOptions} options of which a large table leaves out `test`: it holds out no rows */
    async train(options) {
      const { table, busy } = store.get();
      if (!table || busy) return;
      const name = table.name.replace(/\.[^.]*$/, '') || options.target;
      const test = isLarge(csvOf(table)) ? undefined : options.test;
      const created = Math.floor(Date.now() / 1000);
      store.set({ progress: null, chosenTable: table });
      await fit(0, async (mine, onProgress) => {
        const data = await tableData(csvOf(table));
        if (!mine.wanted) throw new PredictionError({ kind: 'stopped', message: 'stopped before it began' });
        return engine.train(data, { ...options, ...readingOf(table), test, name, created }, onProgress);
      });
    },

    stop,

    /** What it says was mended. */
    dismissFailure() {
      store.set({ trainFailure: null, trainProblem: null });
    },

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
  };
}

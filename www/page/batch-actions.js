import { text } from '../i18n/text.js';
import { explainReading } from '../i18n/read-words.js';
import { PredictionError } from '../shared/protocol.js';
import { chosenFile, csvOf, notesOf, readingOf, readOtherwise, translated, withSheetsOf } from './chosen-file.js';
import { haveSameColumns } from './read-options.js';

/** @import {Matching} from '../pkg/train/tepal.js' */
/** @import {Matches} from '../shared/protocol.js' */
/** @import {Engine} from './client.js' */
/** @import {Batch, ChosenFile, Reading, Store} from './state.js' */

/** @typedef {ReturnType<typeof batchActions>} BatchActions */

/**
 * What a visitor can do with a file of rows.
 *
 * @param {Store} store
 * @param {Engine} engine
 */
export function batchActions(store, engine) {
  /** The batch that the page shows. Of one before, or with other matches, nothing is heard any more. */
  let batches = 0;

  /** The model that the file is matched to. */
  let model = store.get().model;

  // A model that comes after the file is looked for among its columns anew.
  store.subscribe((state) => {
    if (state.model === model) return;
    model = state.model;
    if (state.batch) match(state.batch, {});
  });

  /**
   * @param {ChosenFile} chosen
   * @param {Matches} matches
   * @param {Matching | null} [matching] what is shown until there is another
   */
  async function match(chosen, matches, matching = null) {
    const mine = (batches += 1);
    const before = store.get().batch;
    const { name, file, readOptions, translation, sheets } = chosen;
    /** @type {Batch} */
    let batch = {
      name, file, readOptions, translation, sheets, matches,
      matching: null, progress: null, busy: null, scored: null, isStopped: false, failure: null, refused: null,
    };
    // Without a model the file waits for one.
    const isAsked = store.get().model !== null;
    store.set({ batch: isAsked ? { ...batch, matching, busy: 'matching' } : batch });
    if (!isAsked) return;
    try {
      const read = await translated(engine, chosen, 'rows');
      batch = { ...batch, translation: read.translation, sheets: read.sheets };
      const found = await engine.match(csvOf(batch), { matches, ...readingOf(batch) });
      if (mine === batches) store.set({ batch: { ...batch, matching: { ...found, notes: notesOf(batch, found.notes) } } });
    } catch (error) {
      const failure = text().rows.unreadable(name, explainReading(error));
      if (mine !== batches) return;
      batch = { ...batch, ...withSheetsOf(batch, error) };
      // A file that is none leaves the one before with what came of it.
      const kept = before?.matching && before.file !== file ? before : null;
      const left = kept ? { ...kept, busy: null, progress: null, refused: withSheetsOf(chosen, error) } : batch;
      store.set({ batch: { ...left, failure } });
    }
  }

  return {
    /** @param {File} file rows to predict */
    chooseBatch(file) {
      return match(chosenFile(file.name, file), {});
    },

    /** Reads the file chosen last otherwise. @param {Reading} readOptions */
    async readBatch(readOptions) {
      const { batch } = store.get();
      if (!batch) return;
      const chosen = batch.refused ?? batch;
      // Columns were chosen by their names.
      const areKept = !batch.refused && haveSameColumns(chosen.readOptions, readOptions);
      await match(readOtherwise(chosen, readOptions), areKept ? batch.matches : {}, batch.refused ? null : batch.matching);
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
      await match(batch, matches, batch.matching);
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
      show({ busy: 'scoring', progress: null, scored: null, isStopped: false, failure: null, refused: null });
      try {
        const options = { matches: batch.matches, ...readingOf(batch) };
        const scored = await engine.score(csvOf(batch), options, (progress) => show({ progress }));
        show({ busy: null, progress: null, scored });
      } catch (error) {
        const isStopped = error instanceof PredictionError && error.kind === 'stopped';
        show({ busy: null, isStopped, failure: isStopped ? null : `${explainReading(error)}.` });
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
  };
}

import { rememberLanguage, useLanguage } from '../i18n/language.js';
import { text } from '../i18n/text.js';

/** @import {Language} from '../i18n/text.js' */
/** @import {Row} from '../pkg/predict/tepal.js' */
/** @import {RowProblem, Store} from './state.js' */

/** @typedef {ReturnType<typeof caseActions>} CaseActions */

/**
 * What a visitor can do with the case entered, wherever the model is.
 *
 * @param {Store} store
 */
export function caseActions(store) {
  return {
    /**
     * @param {Row | null} row
     * @param {RowProblem | null} rowProblem why there is none
     */
    enterRow(row, rowProblem = null) {
      store.set({ row, rowProblem });
    },

    /** Keeps the case entered beside those that follow, or lets go of the one kept. */
    togglePinned() {
      const { pinned, answer } = store.get();
      const isNew = !pinned && answer;
      store.set({ pinned: isNew ? { row: answer.row, prediction: answer.prediction } : null });
    },

    /** @param {Language} language */
    async speak(language) {
      try {
        if (!(await useLanguage(language))) return;
        rememberLanguage(language);
        store.set({ language });
      } catch {
        store.set({ notice: `${text().page.languageFailed}.` });
      }
      store.redraw();
    },
  };
}

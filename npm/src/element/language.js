import { fill } from '../../../www/i18n/language.js';
import { loadWords } from '../../../www/i18n/text.js';

/** @import {Language} from '../../../www/i18n/text.js' */

/**
 * Elements that speak. Words belong to the page, so all of them speak the language that was asked for last.
 *
 * @type {Set<{root: ParentNode, redraw: () => void}>}
 */
export const speakers = new Set();

/** Said before there are words of the page. @type {Record<Language, string>} */
export const OPENING = { en: 'Opening the model…', zh: '正在打开模型…' };

/** @type {Language | undefined} */
let wanted;
let loading = Promise.resolve();

/**
 * @param {Element} element
 * @returns {Language} that of its surroundings, or else the browser's
 */
export function languageOf(element) {
  const tag = /** @type {HTMLElement | null} */ (element.closest('[lang]'))?.lang || navigator.language;
  return /^zh\b/i.test(tag) ? 'zh' : 'en';
}

/** @param {Language} language */
export function speak(language) {
  if (language === wanted) return loading;
  wanted = language;
  loading = loadWords(language).then((isChosen) => {
    if (!isChosen) return;
    for (const { root, redraw } of speakers) {
      fill(root);
      redraw();
    }
  });
  loading.catch(() => {
    // The next element tries again.
    wanted = undefined;
  });
  return loading;
}

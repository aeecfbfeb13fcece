/** The language of the page: which one is wanted, and its words in the markup. */

import { languageTag, loadWords, lookUp } from './text.js';

/** @import {Language} from './text.js' */

const STORED = 'tepal language';

/**
 * @param {Language} language
 * @returns {Promise<boolean>} false when another was chosen meanwhile
 */
export async function useLanguage(language) {
  if (!(await loadWords(language))) return false;
  document.documentElement.lang = languageTag();
  fill(document);
  return true;
}

/** @returns {Language} the one chosen before, or else the browser's */
export function preferredLanguage() {
  const wanted = read() ?? navigator.language.slice(0, 2);
  return wanted === 'zh' ? 'zh' : 'en';
}

/** @param {Language} language */
export function rememberLanguage(language) {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Storage is refused: the choice then ends with the page.
  }
}

function read() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/**
 * Sets the words of all elements that say which by `data-text="section.key"`, or for an attribute by
 * `data-text-aria-label`. In the markup they stand in English already.
 *
 * @param {ParentNode} root
 */
export function fill(root) {
  for (const place of root.querySelectorAll('[data-text]')) {
    place.textContent = lookUp(/** @type {HTMLElement} */ (place).dataset.text ?? '');
  }
  for (const place of root.querySelectorAll('[data-text-aria-label]')) {
    place.setAttribute('aria-label', lookUp(/** @type {HTMLElement} */ (place).dataset.textAriaLabel ?? ''));
  }
}

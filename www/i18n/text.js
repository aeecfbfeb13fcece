/**
 * The page's words, in the language that is chosen. English is there from the start; another language is one file,
 * loaded when somebody first asks for it.
 */

import { en } from './texts/en.js';

/** @typedef {typeof en} Texts */
/** @typedef {keyof typeof TAGS} Language */

const STORED = 'tepal language';

/** As `lang` attributes and number formats have it; the script is told, for fonts. */
export const TAGS = /** @type {const} */ ({ en: 'en', zh: 'zh-Hans' });

/** @type {Texts} */
let texts = en;

/** @type {Language} */
let current = 'en';

/** The words; asked for at the time they are shown, since the language may have changed. */
export const text = () => texts;

/** The language's tag, to format numbers by. */
export const languageTag = () => TAGS[current];

/** Counts choices: words that come late, of a language chosen before another, are not used. */
let choices = 0;

/**
 * @param {Language} language
 * @returns {Promise<boolean>} false when another was chosen meanwhile
 */
export async function useLanguage(language) {
  const mine = (choices += 1);
  const loaded = language === 'zh' ? (await import('./texts/zh.js')).zh : en;
  if (mine !== choices) return false;
  texts = loaded;
  current = language;
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
 * `data-text-aria-label`. In index.html they stand in English already.
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

/** @param {string} path `section.key` */
export function lookUp(path) {
  /** @type {any} */
  let found = texts;
  for (const key of path.split('.')) found = found?.[key];
  if (typeof found !== 'string') throw new Error(`no text ${path}`);
  return found;
}

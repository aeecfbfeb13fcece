/**
 * The page's words, in the language that is chosen. Those of the first view are there in English from the start. The others,
 * and another language, are loaded when they are first asked for. What the choice does to the page is in `language.js`.
 */

import { first } from './texts/en/first.js';

/** @import {later, noteCodes} from './texts/en/later.js' */
/** @import {explained, notes} from './texts/zh.js' */

/** @typedef {typeof first & typeof later} Texts */
/** @typedef {keyof typeof TAGS} Language */

/** As `lang` attributes and number formats have it; the script is told, for fonts. */
export const TAGS = /** @type {const} */ ({ en: 'en', zh: 'zh-Hans' });

const english = /** @type {Texts} */ ({ ...first });

/** @type {Texts} */
let texts = english;

/**
 * What the engine notes: by its codes, as its sentences have it, and in words of another language than English.
 *
 * @type {{codes: typeof noteCodes, words: typeof notes | null}}
 */
let said = { codes: {}, words: null };

/** Says errors in another language than that of the engine's messages. @type {typeof explained | null} */
let explainer = null;

/** @type {Language} */
let current = 'en';

/** The words; asked for at the time they are shown, since the language may have changed. */
export const text = () => texts;

/** What the engine notes. */
export const noteWords = () => said;

/** What says errors; none in English, in which the engine's messages are. */
export const explainedBy = () => explainer;

/** The language's tag, to format numbers by. */
export const languageTag = () => TAGS[current];

/** Counts choices: words that come late, of a language chosen before another, are not used. */
let choices = 0;

/**
 * @param {Language} language
 * @returns {Promise<boolean>} false when another was chosen meanwhile
 */
export async function loadWords(language) {
  const mine = (choices += 1);
  const chinese = language === 'zh' ? await import('./texts/zh.js') : null;
  const loaded = chinese ? chinese.zh : await wholeEnglish();
  if (mine !== choices) return false;
  texts = loaded;
  said = { codes: chinese?.noteCodes ?? said.codes, words: chinese?.notes ?? null };
  explainer = chinese?.explained ?? null;
  current = language;
  return true;
}

/** The words in English of all parts of the page. */
export async function wholeEnglish() {
  const { later, noteCodes } = await import('./texts/en/later.js');
  said = { ...said, codes: noteCodes };
  return Object.assign(english, joined(first, later));
}

/**
 * @template {Record<string, object>} F
 * @template {Record<string, object>} L
 * @param {F} one
 * @param {L} other
 * @returns {F & L} the texts of both, where a part has some in each
 */
export function joined(one, other) {
  const sections = Object.keys({ ...one, ...other }).map((section) => [section, { ...one[section], ...other[section] }]);
  return /** @type {F & L} */ (Object.fromEntries(sections));
}

/** @param {string} path `section.key` */
export function lookUp(path) {
  /** @type {any} */
  let found = texts;
  for (const key of path.split('.')) found = found?.[key];
  if (typeof found !== 'string') throw new Error(`no text ${path}`);
  return found;
}

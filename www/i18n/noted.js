/** What the engine notes, in the language of the page. */

import { noteWords } from './text.js';

/** @typedef {'info' | 'caution' | 'warning'} Level */

/** A pattern for each sentence, the longest first: `every cell is {}` would also take `every cell is a number`. */
const patterns = new Map();

/** @param {ReturnType<typeof noteWords>['codes']} codes */
function patternsOf(codes) {
  let made = patterns.get(codes);
  if (!made) {
    const letters = (/** @type {string} */ sentence) => sentence.replaceAll(/\{\w*\}/g, '').length;
    made = Object.entries(codes)
      .sort(([, [, one]], [, [, other]]) => letters(other) - letters(one))
      .map(([code, [level, sentence]]) => ({ code, level, pattern: patternOf(sentence), counts: countsOf(sentence) }));
    patterns.set(codes, made);
  }
  return made;
}

/** @param {string} sentence with gaps */
function patternOf(sentence) {
  const parts = sentence.split(/(\{\w*\})/).map((part) => {
    if (part === '{q}') return '"(.*)"';
    if (part === '{rows}') return '(no|\\d+(?:\\.\\d+)?) rows?';
    return part === '{}' ? '(.+)' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

/** Which gaps are numbers of rows. @param {string} sentence @returns {boolean[]} */
const countsOf = (sentence) => (sentence.match(/\{\w*\}/g) ?? []).map((gap) => gap === '{rows}');

/**
 * A sentence that the engine wrote, as a file and the engine have it.
 *
 * @param {string} sentence
 * @returns {{level: Level, text: string}} how much it matters, and its words; as it stands where its code is not known
 */
export function noted(sentence) {
  const { codes, words } = noteWords();
  for (const { code, level, pattern, counts } of patternsOf(codes)) {
    const found = pattern.exec(sentence);
    if (!found) continue;
    const parameters = found.slice(1).map((/** @type {string} */ parameter, /** @type {number} */ at) => (counts[at] && parameter === 'no' ? '0' : parameter));
    return { level, text: words?.[code]?.(...parameters) ?? sentence };
  }
  return { level: 'info', text: sentence };
}

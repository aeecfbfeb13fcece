import { noted } from '../i18n/noted.js';
import { withControls } from '../i18n/read-words.js';
import { text } from '../i18n/text.js';
import { element } from './element.js';

/**
 * What a person should know of a fit, what matters most first. The sentences quote column names, which may hold anything:
 * they stay text.
 *
 * @param {string[]} warnings
 * @returns {[string, Node][]}
 */
export function warningFacts(warnings) {
  const { noteWord: info, caution, warning } = text().model;
  const order = ['warning', 'caution', 'info'];
  const facts = warnings.map(noted).sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
  return facts.map(({ level, text: words }) => {
    const sentence = withControls(words);
    return level === 'info'
      ? [info, document.createTextNode(sentence)]
      : [level === 'caution' ? caution : warning, element('span', { class: 'fit-warning' }, `⚠ ${sentence}`)];
  });
}

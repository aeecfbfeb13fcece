import { noted } from '../i18n/noted.js';
import { text } from '../i18n/text.js';
import { element } from './element.js';

/**
 * What a person should know of a fit. The sentences quote column names, which may hold anything: they stay text.
 *
 * @param {string[]} warnings
 * @returns {[string, Node][]}
 */
export function warningFacts(warnings) {
  const { warning: word } = text().model;
  return warnings.map((warning) => [word, element('span', { class: 'fit-warning' }, `⚠ ${noted(warning).text}`)]);
}

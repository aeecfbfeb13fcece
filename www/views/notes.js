import { noted } from '../i18n/noted.js';
import { withControls } from '../i18n/read-words.js';
import { text } from '../i18n/text.js';
import { element } from './element.js';

/**
 * What the engine notes, by how much it matters. The sentences quote names, which may hold anything: they stay text.
 *
 * @param {string} sentence of the engine
 * @param {'p' | 'li' | 'span'} [name] of the element
 */
export function note(sentence, name = 'p') {
  const { level, text: words } = noted(sentence);
  const { caution, warning } = text().read;
  const before = { info: '', caution, warning }[level];
  return element(name, { class: level === 'info' ? 'hint' : `note-${level}` }, before + withControls(words));
}

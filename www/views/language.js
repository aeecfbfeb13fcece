import { LANGUAGES, TAGS } from '../text.js';
import { element } from './element.js';

/** @import {CaseActions} from '../case-actions.js' */
/** @import {Listener} from '../state.js' */
/** @import {Language} from '../text.js' */

/**
 * The choice of the page's language. Each is named in itself, so that it is found by those who read no other.
 *
 * @param {HTMLSelectElement} select
 * @param {CaseActions} actions
 * @returns {Listener}
 */
export function languageChoice(select, actions) {
  const languages = /** @type {[Language, string][]} */ (Object.entries(LANGUAGES));
  select.replaceChildren(
    ...languages.map(([language, name]) => element('option', { value: language, lang: TAGS[language] }, name)),
  );
  select.addEventListener('change', () => actions.speak(/** @type {Language} */ (select.value)));
  return ({ language }) => {
    select.value = language;
  };
}

/** @import {Language} from '../i18n/text.js' */
/** @import {CaseActions} from '../page/case-actions.js' */
/** @import {Listener} from '../page/state.js' */

/**
 * The choice of the page's language.
 *
 * @param {HTMLSelectElement} select with an option for each
 * @param {CaseActions} actions
 * @returns {Listener}
 */
export function languageChoice(select, actions) {
  select.addEventListener('change', () => actions.speak(/** @type {Language} */ (select.value)));
  return ({ language }) => {
    select.value = language;
  };
}

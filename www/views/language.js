/** @import {CaseActions} from '../case-actions.js' */
/** @import {Listener} from '../state.js' */
/** @import {Language} from '../text.js' */

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

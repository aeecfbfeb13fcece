/** @import {Listener} from '../page/state.js' */

/**
 * A keyboard stands where the focus is. When a view puts away or disables the control that has it, it goes to the
 * first other one that can take it, in place of the page's beginning.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement[]} others where to, if none of the buttons that came in its place can take it
 * @param {Listener} view
 * @returns {Listener}
 */
export function keepFocus(root, others, view) {
  return (state, previous) => {
    const focused = document.activeElement;
    view(state, previous);
    if (!focused || !root.contains(focused) || canFocus(focused)) return;
    const siblings = /** @type {NodeListOf<HTMLElement>} */ (focused.parentElement?.querySelectorAll('button'));
    [...siblings, ...others].find(canFocus)?.focus();
  };
}

/** @param {Element} element */
function canFocus(element) {
  return !element.closest('[hidden]') && !element.matches(':disabled');
}

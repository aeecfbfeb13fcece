/** @import {Listener} from '../page/state.js' */

/** What the address says beside a part of the page: the values of a row, which a jump must not replace. */
const ROW = '#row?';

/**
 * Links to the parts of the page. They are plain ones, except where the address holds a row.
 *
 * @param {HTMLElement} root with links to ids
 * @returns {Listener}
 */
export function navigation(root) {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.matches('.skip') && !root.contains(link)) return;
    if (!link || !location.hash.startsWith(ROW)) return;
    event.preventDefault();
    jumpTo(link.hash.slice(1));
  });

  let isDrawn = false;
  return ({ model }) => {
    if (isDrawn || !model) return;
    isDrawn = true;
    // The browser went there before the form was drawn, which has moved what is below it.
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  };
}

/** @param {string} id */
function jumpTo(id) {
  const part = document.getElementById(id);
  if (!part) return;
  // So that the keyboard goes on from there, as after a link.
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView();
}

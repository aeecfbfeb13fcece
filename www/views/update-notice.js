import { text } from '../i18n/text.js';
import { find, setText } from './element.js';

/** @import {Listener, Update} from '../page/state.js' */

/**
 * A newer version of the page, which waits to be used.
 *
 * @param {HTMLElement} root
 * @param {{useNow: () => void}} updates
 * @returns {Listener}
 */
export function updateNotice(root, { useNow }) {
  const line = find(root, '.update-line', HTMLElement);
  const button = find(root, 'button', HTMLButtonElement);
  const hint = find(root, '.update-hint', HTMLElement);
  button.addEventListener('click', useNow);

  return ({ update }) => {
    root.hidden = !update;
    setText(line, update ? describe(update) : '');
    hint.hidden = update === 'agreed';
  };
}

/** @param {Update} update */
function describe(update) {
  const { page } = text();
  return { ready: page.updateReady, wanted: page.updateWanted, agreed: page.updateAgreed }[update];
}

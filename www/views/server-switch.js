import { text } from '../i18n/text.js';
import { find, setText } from './element.js';

/** @import {Actions} from '../page/actions.js' */
/** @import {Listener, State} from '../page/state.js' */

/**
 * The switch to the fallback server and, for as long as it is on, the notice that values leave the page.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function serverSwitch(root, actions) {
  const box = find(root, 'input', HTMLInputElement);
  const notice = find(root, '.server-notice', HTMLElement);
  const status = find(root, '.server-status', HTMLElement);

  box.addEventListener('change', () => actions.askSource(box.checked ? 'server' : 'device'));

  return (state) => {
    box.checked = state.source === 'server';
    notice.hidden = state.source !== 'server';
    setText(status, describe(state));
    status.classList.toggle('is-warning', ['other', 'unreachable'].includes(state.serverCheck?.status ?? ''));
  };
}

/** @param {{name: string, digest: string}} model */
function identify({ name, digest }) {
  return `“${name}” (${digest.slice(0, 12)}…)`;
}

/** @param {State} state */
function describe({ serverCheck, model, failure }) {
  const { page } = text();
  switch (serverCheck?.status) {
    case 'checking':
      return page.serverChecking;
    case 'same':
      return page.serverSame;
    case 'other':
      return page.serverOther(identify(serverCheck), model ? identify(model.description) : page.noModel);
    case 'unreachable':
      // Not twice: the answer's failure, right above, says it as well.
      return failure ? '' : `${serverCheck.message}.`;
    default:
      return '';
  }
}

import { answeredBy, caseText } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { rowToHash } from '../page/row-link.js';
import { find, setText } from './element.js';

/** @import {Answer, Listener, ServerCheck} from '../page/state.js' */
/** @import {ModelDescription} from '../pkg/predict/tepal.js' */

/**
 * Ways to take the case along: as text, as a link, on paper.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export function shareRow(root) {
  const status = find(root, '[data-testid=share-status]', HTMLElement);
  const fallback = find(root, 'textarea', HTMLTextAreaElement);
  const printed = find(root, '.print-model', HTMLElement);
  /** @type {ModelDescription | null} */
  let description = null;
  /** @type {Answer | null} */
  let answer = null;
  /** @type {ServerCheck | null} */
  let check = null;

  /** @param {string} testId @param {() => void} act */
  const onClick = (testId, act) => {
    find(root, `[data-testid=${testId}]`, HTMLButtonElement).addEventListener('click', act);
  };
  onClick('copy-text', () => {
    if (description && answer) copy(caseText(description, answer, check), text().predict.textCopied);
  });
  onClick('copy-link', () => {
    if (!description || !answer) return;
    const page = location.href.split('#')[0];
    copy(page + rowToHash(answer.row, description.digest), text().predict.linkCopied);
  });
  onClick('print-case', () => window.print());

  /** @param {string} copied @param {string} done */
  async function copy(copied, done) {
    setText(status, '');
    try {
      await navigator.clipboard.writeText(copied);
      fallback.hidden = true;
      setText(status, done);
    } catch {
      // No clipboard, as on a page without a certificate, or it is refused: then by hand.
      fallback.value = copied;
      fallback.hidden = false;
      fallback.focus();
      fallback.select();
      setText(status, text().predict.copyByHand);
    }
  }

  return (state, previous) => {
    const isChecked = state.serverCheck !== previous.serverCheck;
    if (state.answer === previous.answer && state.model === previous.model && !isChecked) return;
    description = state.model?.description ?? null;
    answer = state.answer;
    check = state.serverCheck;
    root.hidden = !description || !answer;
    // What was copied is not the case entered any more.
    setText(status, '');
    fallback.hidden = true;
    if (description && answer) setText(printed, answeredBy(description, answer, check));
  };
}

import { progressSentence, stoppedSentence } from '../i18n/wording.js';
import { find, setText } from './element.js';

/** @import {Listener} from '../page/state.js' */
/** @import {TrainActions} from '../page/train-actions.js' */

/**
 * How far the fit is, and what can be done about it: stop it, go on with it, or drop it.
 *
 * @param {HTMLElement} root
 * @param {TrainActions} actions
 * @returns {Listener}
 */
export function fitProgress(root, actions) {
  const fit = find(root, '[data-testid=train-progress]', HTMLElement);
  const bar = find(fit, 'progress', HTMLProgressElement);
  const line = find(fit, '[data-testid=train-progress-line]', HTMLElement);
  const outcome = find(root, '[data-testid=train-stopped]', HTMLElement);
  const choices = find(root, '.fit-choices', HTMLElement);
  const stop = find(choices, '[data-testid=train-stop]', HTMLButtonElement);
  const resume = find(choices, '[data-testid=train-resume]', HTMLButtonElement);
  const discard = find(choices, '[data-testid=train-discard]', HTMLButtonElement);

  stop.addEventListener('click', () => actions.stop());
  resume.addEventListener('click', () => actions.resume());
  discard.addEventListener('click', () => actions.discard());

  return ({ busy, progress, stopped }) => {
    const isTraining = busy === 'training';
    const isKept = stopped?.resumable ?? false;
    fit.hidden = !isTraining && !isKept;
    // Without a value the bar says that it goes on, and not how far it is.
    if (progress && 'share' in progress) bar.value = progress.share;
    else if (isTraining) bar.removeAttribute('value');
    else bar.value = 0;
    setText(line, isTraining || (isKept && progress) ? progressSentence(progress) : '');
    setText(outcome, stopped ? stoppedSentence(progress, isKept) : '');

    choices.hidden = fit.hidden;
    stop.hidden = !isTraining;
    resume.hidden = discard.hidden = !isKept;
  };
}

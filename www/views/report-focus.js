/** @import {Listener, TrainReport} from '../page/state.js' */

/**
 * Takes a person to the report of a fit that was waited for. The form above it is drawn again and moves it out of sight, so this
 * waits until the first case of the new model is explained.
 *
 * Those who did something else meanwhile stay where they are: the report is read out to them all the same.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement} report whose heading is shown
 * @param {HTMLElement[]} watched what is in sight of those who wait
 * @returns {Listener}
 */
export function reportFocus(root, report, watched) {
  /** @type {Element | null} */
  let focusedAtStart = null;
  /** @type {TrainReport | null} */
  let known = null;
  let isAwaited = false;

  return (state, previous) => {
    if (state.busy === 'training' && previous.busy !== 'training') focusedAtStart = document.activeElement;
    if (state.report !== known) {
      known = state.report;
      isAwaited = known !== null && isWaiting();
    }
    const isDrawn = known !== null && state.model === known.model && (state.explained ?? state.failure) !== null;
    if (!isAwaited || !isDrawn) return;
    isAwaited = false;
    const heading = report.querySelector('h3');
    heading?.focus({ preventScroll: true });
    // At once: what moved on its own comes back without another motion.
    heading?.scrollIntoView();
  };

  /** Whether nothing else was taken up since the start: by the focus, or by scrolling away. */
  function isWaiting() {
    const focused = document.activeElement;
    const isElsewhere = focused !== null && focused !== document.body && focused !== focusedAtStart
      && !(focused instanceof HTMLButtonElement && root.contains(focused));
    return !isElsewhere && watched.some(isInSight);
  }
}

/** @param {HTMLElement} element */
function isInSight(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return height > 0 && bottom > 0 && top < innerHeight;
}

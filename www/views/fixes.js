import { text } from '../i18n/text.js';
import { element } from './element.js';

/** @import {Listener, State} from '../page/state.js' */
/** @import {TrainActions} from '../page/train-actions.js' */
/** @import {Plan} from './profile-row.js' */

/** What the engine found, as its message quotes it. */
const FOUND = /found "(.*)";/s;

/**
 * Buttons that mend what a message says of a column: a word counts as missing, or the column holds something else, or is left out.
 *
 * @param {HTMLElement} root
 * @param {TrainActions} actions
 * @param {{changeColumns: (changes: Record<string, Partial<Plan>>) => void, target: () => string}} settings
 * @returns {Listener}
 */
export function fixes(root, actions, settings) {
  /** @param {string} name @param {() => void} mend */
  function button(name, mend) {
    const made = element('button', { type: 'button' }, name);
    made.addEventListener('click', mend);
    return made;
  }

  /** @param {State} state @returns {HTMLElement[]} */
  function buttons({ table, trainProblem }) {
    const { kind, column, message = '' } = trainProblem ?? {};
    if (!table || !column || (kind !== 'not_a_number' && kind !== 'missing_value')) return [];
    const words = text().train;
    const found = kind === 'not_a_number' ? FOUND.exec(message)?.[1] : undefined;
    const isMissing = (/** @type {string} */ word) => {
      const missing = [...(table.profile.read?.missing ?? []), word];
      actions.readTable({ ...table.readOptions, missing });
    };
    const changed = (/** @type {Partial<Plan>} */ plan) => {
      settings.changeColumns({ [column]: plan });
      actions.dismissFailure();
    };
    return [
      ...(found ? [button(words.countMissing(found), () => isMissing(found))] : []),
      // What is predicted is not left out, and what it holds is said by the task.
      ...(column === settings.target() ? [] : [
        ...(found ? [button(words.makeCategory(column), () => changed({ kind: 'category' }))] : []),
        button(words.leaveOut(column), () => changed({ isTicked: false })),
      ]),
    ];
  }

  return (state, previous) => {
    if (state.trainProblem === previous.trainProblem && state.language === previous.language) return;
    const offered = buttons(state);
    root.hidden = offered.length === 0;
    root.replaceChildren(...offered);
  };
}

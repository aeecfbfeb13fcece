import { text } from '../i18n/text.js';
import { number } from '../i18n/wording.js';
import { largestDifference, numbers } from '../page/parity.js';
import { element, find, setText } from './element.js';

/** @import {Actions} from '../page/actions.js' */
/** @import {Listener, Parity} from '../page/state.js' */

/** @typedef {Extract<Parity, {status: 'compared'}>} Compared */

/** Of 10,000 classes the numbers are not read; the difference is of all. */
const MOST_ROWS = 50;

/**
 * One row computed by both, while the server is switched on: every number with all its digits, and the largest
 * difference.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function parityCheck(root, actions) {
  const compare = find(root, '[data-testid=compare]', HTMLButtonElement);
  const verdict = find(root, '[data-testid=parity]', HTMLElement);
  const table = find(root, '.parity-table', HTMLTableElement);
  const body = find(table, 'tbody', HTMLTableSectionElement);

  compare.addEventListener('click', () => actions.compare());

  return (state, previous) => {
    const { parity, row, source, serverCheck, engineTrouble } = state;
    const hasServer = source === 'server' && ['same', 'other'].includes(serverCheck?.status ?? '');
    root.hidden = !hasServer || engineTrouble !== null;
    // The focus stays on it while both are asked: `disabled` would lose it.
    compare.setAttribute('aria-disabled', String(!row || parity?.status === 'comparing'));
    if (parity === previous.parity && row === previous.row) return;
    const isCurrent = parity !== null && parity.row === row;
    setText(verdict, isCurrent ? describe(parity) : '');
    table.hidden = !isCurrent || parity.status !== 'compared';
    if (isCurrent && parity.status === 'compared') body.replaceChildren(...rows(parity));
  };
}

/** @param {Parity} parity */
function describe(parity) {
  const { page } = text();
  if (parity.status === 'comparing') return page.comparing;
  if (parity.status === 'failed') return page.parityFailed(parity.failure);
  const { device, server, digests } = parity;
  const difference = largestDifference(device, server);
  const others = digests.device === digests.server ? '' : ` ${page.parityOtherModels}`;
  if (difference === null) return page.parityOtherClasses + others;
  return (difference === 0 ? page.paritySame : page.parityDifference(number(difference))) + others;
}

/** @param {Compared} parity */
function rows({ device, server, digests }) {
  const { page } = text();
  const theirs = numbers(server);
  const probabilities = 'probabilities' in device ? [...numbers(device)].slice(0, MOST_ROWS) : [];
  return [
    tableRow(page.digest, digests.device, digests.server),
    tableRow(page.prediction, String(device.prediction), String(server.prediction)),
    ...probabilities.map(([label, value]) =>
      tableRow(String(label), String(value), String(theirs.get(label) ?? '–')),
    ),
  ];
}

/** @param {string} name @param {string} device @param {string} server */
function tableRow(name, device, server) {
  return element(
    'tr', {},
    element('th', { scope: 'row' }, name), element('td', {}, device), element('td', {}, server),
  );
}

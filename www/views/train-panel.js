import { fetchFile } from '../actions.js';
import { certificateSentence, heldOutResult, plural, targetFacts } from '../wording.js';
import { element, find, setFacts, setText } from './element.js';
import { acceptFile } from './file-input.js';

/** @import {TrainOptions} from '../pkg/train/tepal.js' */
/** @import {Actions} from '../actions.js' */
/** @import {Listener, State, Table, TrainReport} from '../state.js' */

const BUNDLED = { name: 'iris.csv', url: './data/iris.csv' };

/**
 * Choose a table, a target and options; train; read what came of it.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function trainPanel(root, actions) {
  const form = find(root, 'form', HTMLFormElement);
  const status = find(root, '.table-status', HTMLElement);
  const settings = find(root, '.train-settings', HTMLFieldSetElement);
  const target = find(root, '[data-testid=train-target]', HTMLSelectElement);
  const columnList = find(root, '.columns', HTMLElement);
  const heldOut = find(root, '[name=held-out]', HTMLInputElement);
  const seed = find(root, '[name=seed]', HTMLInputElement);
  const penalty = find(root, '[name=l2]', HTMLInputElement);
  const button = find(root, '[data-testid=train-button]', HTMLButtonElement);
  const error = find(root, '[data-testid=train-error]', HTMLElement);
  const report = find(root, '[data-testid=train-report]', HTMLElement);
  const fileInput = find(root, '[data-testid=train-file]', HTMLInputElement);

  acceptFile(root, fileInput, (file) => actions.chooseTable(file.name, async () => file));
  find(root, '[data-testid=bundled-iris]', HTMLButtonElement).addEventListener('click', () => {
    actions.chooseTable(BUNDLED.name, () => fetchFile(BUNDLED.url));
  });
  target.addEventListener('change', hideTarget);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    actions.train(options());
  });

  const columnBoxes = () => [...columnList.querySelectorAll('input')];

  /** The target is never an input; its box is put away and keeps its tick for another target. */
  function hideTarget() {
    for (const box of columnBoxes()) {
      const label = /** @type {HTMLLabelElement} */ (box.parentElement);
      label.hidden = box.value === target.value;
    }
  }

  /** @returns {TrainOptions} an empty field leaves the choice to the engine, which also checks the others */
  function options() {
    const drop = columnBoxes().filter((box) => !box.checked && box.value !== target.value);
    const fraction = heldOut.valueAsNumber / 100;
    return {
      target: target.value,
      drop: drop.map((box) => box.value),
      test: fraction ? fraction : undefined,
      seed: optional(seed),
      l2: optional(penalty),
    };
  }

  /** @param {Table | null} table */
  function showTable(table) {
    settings.disabled = !table;
    const columns = table?.columns ?? [];
    target.replaceChildren(...columns.map((name) => element('option', { value: name }, name)));
    target.value = columns.at(-1) ?? '';
    columnList.replaceChildren(
      ...columns.map((name) =>
        element('label', {}, element('input', { type: 'checkbox', value: name, checked: true }), name),
      ),
    );
    hideTarget();
  }

  return (state, previous) => {
    if (state.table !== previous.table) showTable(state.table);
    setText(status, tableStatus(state));
    setText(button, state.busy === 'training' ? 'Training…' : 'Train');
    // Not `disabled`, which would throw the keyboard focus off the button; the action refuses a second run by
    // itself.
    button.setAttribute('aria-disabled', String(state.busy !== null));
    setText(error, state.trainFailure ?? '');
    if (state.report !== previous.report) showReport(report, state.report);
  };
}

/** @param {HTMLInputElement} input */
function optional(input) {
  return Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber;
}

/** @param {State} state */
function tableStatus({ table, busy }) {
  if (busy === 'reading') return 'Reading the table…';
  if (!table) return 'No table chosen yet.';
  return `${table.name}: ${plural(table.columns.length, 'column')}.`;
}

/**
 * @param {HTMLElement} place
 * @param {TrainReport | null} report
 */
function showReport(place, report) {
  if (!report) {
    place.replaceChildren();
    return;
  }
  const { target, training, heldOut, certificate } = report.model.description;
  const facts = element('dl', { class: 'facts' });
  setFacts(facts, [
    ['Rows', `${training.rows} trained on, ${heldOut?.rows ?? 0} held out`],
    ['classes' in target ? 'Classes' : 'Target range', targetFacts(target)],
    [heldOut?.task === 'classification' ? 'Held-out accuracy' : 'Held out', heldOutResult(heldOut)],
    ['Certificate', certificateSentence(certificate)],
  ]);
  const time = Math.max(1, Math.round(report.milliseconds));
  place.replaceChildren(
    element('h3', {}, `Model trained in ${time} ms, and in use now`),
    facts,
  );
}

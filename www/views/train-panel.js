import { fetchFile } from '../actions.js';
import { isLarge } from '../protocol.js';
import { certificateSentence, heldOutResult, plural, targetFacts } from '../wording.js';
import { element, find, setFacts, setText } from './element.js';
import { acceptFile } from './file-input.js';
import { fitProgress } from './fit-progress.js';
import { keepFocus } from './focus.js';
import { warningFacts } from './warnings.js';

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
  const allFitted = find(root, '.all-fitted', HTMLElement);
  const seed = find(root, '[name=seed]', HTMLInputElement);
  const penalty = find(root, '[name=l2]', HTMLInputElement);
  const weights = find(root, '[name=weights]', HTMLSelectElement);
  const solver = find(root, '[name=solver]', HTMLSelectElement);
  const mostRounds = find(root, '[name=most-rounds]', HTMLInputElement);
  const balanced = find(root, '[name=balanced]', HTMLInputElement);
  const asTheyAre = find(root, '[name=as-they-are]', HTMLInputElement);
  const noIntercept = find(root, '[name=no-intercept]', HTMLInputElement);
  const button = find(root, '[data-testid=train-button]', HTMLButtonElement);
  const error = find(root, '[data-testid=train-error]', HTMLElement);
  const report = find(root, '[data-testid=train-report]', HTMLElement);
  const fileInput = find(root, '[data-testid=train-file]', HTMLInputElement);

  acceptFile(root, fileInput, (file) => actions.chooseTable(file.name, async () => file));
  find(root, '[data-testid=bundled-iris]', HTMLButtonElement).addEventListener('click', () => {
    actions.chooseTable(BUNDLED.name, () => fetchFile(BUNDLED.url));
  });
  const showFit = fitProgress(root, actions);
  target.addEventListener('change', hideRoles);
  weights.addEventListener('change', hideRoles);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    actions.train(options());
  });

  const columnBoxes = () => [...columnList.querySelectorAll('input')];

  /** @param {string} column @returns {boolean} whether it is for something else than to learn from */
  const hasRole = (column) => column === target.value || column === chosenWeights();
  /** The first entry is none of the columns, whatever they are called. */
  const chosenWeights = () => (weights.selectedIndex > 0 ? weights.value : undefined);

  /** The target and the weights are no inputs; their boxes are put away and keep their ticks. */
  function hideRoles() {
    for (const box of columnBoxes()) {
      const label = /** @type {HTMLLabelElement} */ (box.parentElement);
      label.hidden = hasRole(box.value);
    }
  }

  /** @returns {TrainOptions} an empty field leaves the choice to the engine, which also checks the others */
  function options() {
    const drop = columnBoxes().filter((box) => !box.checked && !hasRole(box.value));
    const fraction = heldOut.valueAsNumber / 100;
    return {
      target: target.value,
      drop: drop.map((box) => box.value),
      test: fraction ? fraction : undefined,
      seed: optional(seed),
      l2: optional(penalty),
      weights: chosenWeights(),
      solver: /** @type {TrainOptions['solver']} */ (solver.value),
      maxIterations: optional(mostRounds),
      balanced: balanced.checked,
      scale: asTheyAre.checked ? 'none' : 'standard',
      intercept: !noIntercept.checked,
    };
  }

  /** @param {Table | null} table */
  function showTable(table) {
    settings.disabled = !table;
    const holdsOut = !table || !isLarge(table.file);
    heldOut.disabled = !holdsOut;
    allFitted.hidden = holdsOut;
    const columns = table?.columns ?? [];
    const choices = () => columns.map((name) => element('option', { value: name }, name));
    weights.replaceChildren(element('option', { value: '' }, 'none'), ...choices());
    target.replaceChildren(...choices());
    target.value = columns.at(-1) ?? '';
    columnList.replaceChildren(
      ...columns.map((name) =>
        element('label', {}, element('input', { type: 'checkbox', value: name, checked: true }), name),
      ),
    );
    hideRoles();
  }

  return keepFocus(root, [button, fileInput], (state, previous) => {
    if (state.table !== previous.table) showTable(state.table);
    showFit(state, previous);
    setText(status, tableStatus(state));
    setText(button, state.busy === 'training' ? 'Training…' : 'Train');
    // Not `disabled`, which would throw the keyboard focus off the button; the action refuses a second run by
    // itself.
    button.setAttribute('aria-disabled', String(state.busy !== null));
    setText(error, state.trainFailure ?? '');
    if (state.report !== previous.report) showReport(report, state.report);
  });
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
    ...warningFacts(training.warnings),
  ]);
  const time = Math.max(1, Math.round(report.milliseconds));
  const rounds = plural(training.rounds, 'round');
  place.replaceChildren(
    element('h3', {}, `Model trained in ${rounds} and ${time} ms, and in use now`),
    facts,
  );
}

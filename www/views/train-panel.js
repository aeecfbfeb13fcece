import { text } from '../i18n/text.js';
import { fetchFile } from '../page/actions.js';
import { BUNDLED_TABLES } from '../page/training-tables.js';
import { find, setText } from './element.js';
import { acceptFile } from './file-input.js';
import { fixes } from './fixes.js';
import { fitProgress } from './fit-progress.js';
import { keepFocus } from './focus.js';
import { lossCurve } from './loss-curve.js';
import { readOptionsView } from './read-options.js';
import { reportFocus } from './report-focus.js';
import { trainReport } from './train-report.js';
import { trainSettings } from './train-settings.js';

/** @import {Listener, State, TrainSnapshot} from '../page/state.js' */
/** @import {TrainActions} from '../page/train-actions.js' */

/**
 * Choose a table, a target and options; train; read what came of it.
 *
 * @param {HTMLElement} root
 * @param {TrainActions} actions
 * @param {(settings: TrainSnapshot) => void} keepSettings called when a person changed some
 * @returns {Listener}
 */
export function trainPanel(root, actions, keepSettings) {
  const form = find(root, 'form', HTMLFormElement);
  const status = find(root, '.table-status', HTMLElement);
  const button = find(root, '[data-testid=train-button]', HTMLButtonElement);
  const tableError = find(root, '[data-testid=table-error]', HTMLElement);
  const error = find(root, '[data-testid=train-error]', HTMLElement);
  const fileInput = find(root, '[data-testid=train-file]', HTMLInputElement);
  const summary = find(root, '[data-testid=train-report]', HTMLElement);
  const evaluation = find(root, '[data-testid=train-evaluation]', HTMLElement);

  acceptFile(fileInput, (file) => actions.chooseTable(file.name, async () => file));
  for (const [id, { name, url }] of Object.entries(BUNDLED_TABLES)) {
    find(root, `[data-testid=bundled-${id}]`, HTMLButtonElement).addEventListener('click', () => {
      actions.chooseTable(name, () => fetchFile(url));
    });
  }
  const reading = readOptionsView('train', (options) => actions.readTable(options));
  form.before(reading.element);
  const settings = trainSettings(root);
  const showFit = fitProgress(root, actions);
  const curve = find(root, '[data-testid=loss-curve]', HTMLElement);
  const showCurve = lossCurve(curve);
  const showReport = trainReport(summary, evaluation, curve, actions);
  const showFixes = fixes(find(root, '.fixes', HTMLElement), actions, settings);
  const goToReport = reportFocus(root, summary, [button, find(root, '.fit', HTMLElement), summary]);
  form.addEventListener('change', () => keepSettings(settings.snapshot()));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (settings.areReadable()) actions.train(settings.options());
  });

  /** @param {State} state */
  function showReading({ table, chosenTable, tableFailure }) {
    const isRead = table?.file === chosenTable?.file && table?.readOptions === chosenTable?.readOptions;
    reading.show(chosenTable, isRead && table ? table.profile.read : null, tableFailure !== null && !isRead);
  }

  let isShown = false;
  return keepFocus(root, [button, fileInput], (state, previous) => {
    if (!isShown || state.table !== previous.table || state.language !== previous.language) {
      settings.show(state.table);
      if (state.givenSettings && state.table !== previous.table) settings.restore(state.givenSettings);
      isShown = true;
    }
    // First: it looks at where things are, which is costly once they were changed.
    goToReport(state, previous);
    settings.wait(state.busy === 'reading');
    if (state.busy !== 'reading') showReading(state);
    showFit(state, previous);
    showCurve(state, previous);
    showReport(state, previous);
    setText(status, tableStatus(state));
    setText(button, state.busy === 'training' ? text().train.training : text().train.train);
    // Not `disabled`, which would throw the keyboard focus off the button; the action refuses a second run by
    // itself.
    button.setAttribute('aria-disabled', String(state.busy !== null));
    setText(tableError, state.tableFailure ?? '');
    setText(error, state.trainFailure ?? '');
    showFixes(state, previous);
  });
}

/** @param {State} state */
function tableStatus({ table, busy }) {
  const words = text().train;
  if (busy === 'reading') return words.reading;
  if (!table) return words.noTable;
  const { rows, columns } = table.profile;
  return (table.isWhole ? words.tableWhole : words.tablePart)(table.name, columns.length, String(rows));
}

import { text } from '../i18n/text.js';
import { predictionsFileName, unmatched } from '../page/batch.js';
import { batchMatching } from './batch-matching.js';
import { batchPreview } from './batch-preview.js';
import { batchSummary } from './batch-summary.js';
import { batchTruth } from './batch-truth.js';
import { download } from './download.js';
import { element, find, setText } from './element.js';
import { acceptFile } from './file-input.js';
import { keepFocus } from './focus.js';
import { note } from './notes.js';
import { readOptionsView } from './read-options.js';

/** @import {BatchActions} from '../page/batch-actions.js' */
/** @import {Batch, Listener} from '../page/state.js' */

/**
 * A file of rows: choose it, say where its features are, look at the first rows, predict them all, take the
 * results.
 *
 * @param {HTMLElement} root
 * @param {BatchActions} actions
 * @returns {Listener}
 */
export function batchPanel(root, actions) {
  const fileInput = find(root, '[data-testid=batch-file]', HTMLInputElement);
  const noModel = find(root, '.batch-no-model', HTMLElement);
  const status = find(root, '[data-testid=batch-status]', HTMLElement);
  const error = find(root, '[data-testid=batch-error]', HTMLElement);
  const found = find(root, '.batch', HTMLElement);
  const notes = find(root, '[data-testid=batch-notes]', HTMLUListElement);
  const hint = find(root, '#batch-unmatched', HTMLElement);
  const choices = find(root, '.batch-choices', HTMLElement);
  const save = find(choices, '[data-testid=batch-download]', HTMLButtonElement);
  const run = find(choices, '[data-testid=batch-run]', HTMLButtonElement);
  const stop = find(choices, '[data-testid=batch-stop]', HTMLButtonElement);
  const remove = find(choices, '[data-testid=batch-remove]', HTMLButtonElement);
  const progress = find(root, '.batch-progress', HTMLElement);
  const bar = find(progress, 'progress', HTMLProgressElement);
  const line = find(progress, '[data-testid=batch-progress-line]', HTMLElement);
  const parts = [
    batchMatching(find(found, '.batch-matching', HTMLDetailsElement), actions),
    batchPreview(find(found, '.batch-preview', HTMLElement)),
    batchTruth(find(root, '[data-testid=batch-truth]', HTMLElement)),
    batchSummary(find(root, '[data-testid=batch-summary]', HTMLElement)),
  ];
  /** @type {Batch | null} */
  let current = null;

  const reading = readOptionsView('batch', (options) => actions.readBatch(options));
  found.before(reading.element);
  acceptFile(fileInput, (file) => actions.chooseBatch(file));
  run.addEventListener('click', () => {
    if (run.getAttribute('aria-disabled') !== 'true') actions.score();
  });
  stop.addEventListener('click', () => actions.stopScoring());
  remove.addEventListener('click', () => actions.removeBatch());
  save.addEventListener('click', () => {
    if (current?.scored) download(current.scored.file, predictionsFileName(current.name));
  });

  /** @param {Batch | null} batch */
  function showProgress(batch) {
    progress.hidden = batch?.busy !== 'scoring';
    if (progress.hidden) return;
    const share = batch?.progress?.share;
    // Without a value the bar says that it goes on, and not how far it is.
    if (share === undefined) bar.removeAttribute('value');
    else bar.value = share;
    const summary = batch?.progress?.summary;
    setText(line, summary ? text().rows.progress(share ?? 0, summary.rows, summary.refused) : '');
  }

  return keepFocus(root, [run, fileInput], (state, previous) => {
    const { batch, model } = state;
    noModel.hidden = model !== null;
    if (batch && batch === previous.batch) return;
    current = batch;
    const matching = batch?.matching ?? null;
    const isScoring = batch?.busy === 'scoring';
    setText(status, batch ? statusOf(batch, model !== null) : '');
    setText(error, batch?.failure ?? '');
    found.hidden = !matching;
    found.setAttribute('aria-busy', String(batch?.busy === 'matching'));
    if (batch?.busy !== 'matching') {
      const chosen = batch?.refused ?? batch;
      const read = chosen === batch ? (matching?.read ?? null) : null;
      reading.show(chosen, read, Boolean(batch?.failure) && !read);
    }
    for (const part of parts) part(state, previous);
    if (matching !== previous.batch?.matching || batch?.scored !== previous.batch?.scored) {
      const sentences = [...(matching?.notes ?? []), ...(batch?.scored?.summary.notes ?? [])];
      notes.hidden = sentences.length === 0;
      notes.replaceChildren(...sentences.map((sentence) => note(sentence, 'li')));
    }

    const missing = matching ? unmatched(matching) : 0;
    setText(hint, missing > 0 ? text().rows.unmatchedHint(missing) : '');
    choices.hidden = !batch;
    save.hidden = !batch?.scored;
    run.hidden = !matching || isScoring;
    // Not `disabled`, which would throw the keyboard focus off the button.
    run.setAttribute('aria-disabled', String(batch?.busy === 'matching' || missing > 0));
    run.classList.toggle('primary', !batch?.scored);
    stop.hidden = !isScoring;
    showProgress(batch);
  });
}

/**
 * @param {Batch} batch
 * @param {boolean} hasModel
 */
function statusOf({ name, matching, busy, scored, progress, isStopped }, hasModel) {
  const { rows } = text();
  if (busy === 'scoring') return rows.scoring(name);
  if (scored) return rows.scored(name, scored.summary.rows, scored.summary.refused);
  if (isStopped) return rows.stopped(progress?.summary.rows ?? 0);
  if (matching) return rows.found(name, matching.columns.length);
  if (busy === 'matching') return rows.reading(name);
  return hasModel ? '' : rows.waiting(name);
}

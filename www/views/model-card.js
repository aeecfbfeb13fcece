import {
  certificateFacts,
  crossValidationFacts,
  decisionFacts,
  droppedFacts,
  heldOutFigures,
  missingValues,
  outOfBagFacts,
} from '../i18n/model-facts.js';
import { text } from '../i18n/text.js';
import { dateTime, fitSettings, heldOutResult, modelFileName, targetFacts, toolUsed } from '../i18n/wording.js';
import { download } from './download.js';
import { element, find, setFacts } from './element.js';
import { acceptFile } from './file-input.js';
import { warningFacts } from './warnings.js';

/** @import {Actions} from '../page/actions.js' */
/** @import {Listener} from '../page/state.js' */
/** @import {OpenModel} from '../shared/protocol.js' */

/**
 * What the model in use says of itself.
 *
 * @param {HTMLDListElement} card
 * @returns {Listener}
 */
export function modelFacts(card) {
  return ({ model }, previous) => {
    if (model !== previous.model) setFacts(card, model ? describe(model) : []);
  };
}

/**
 * What the model in use says of itself, and its file: save it, or open another.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function modelCard(root, actions) {
  const showFacts = modelFacts(find(root, '[data-testid=model-card]', HTMLDListElement));
  const save = find(root, '[data-testid=save-model]', HTMLButtonElement);
  const savePage = find(root, '[data-testid=save-page]', HTMLButtonElement);
  const open = find(root, '[data-testid=open-model]', HTMLInputElement);
  /** @type {OpenModel | null} */
  let current = null;

  acceptFile(open, (file) => actions.openModel(file.name, async () => file));
  save.addEventListener('click', () => {
    if (!current) return;
    const file = new Blob([current.bytes], { type: 'application/octet-stream' });
    download(file, modelFileName(current.description.name, 'tepal'));
  });

  savePage.addEventListener('click', async () => {
    if (!current) return;
    const { bytes, description } = current;
    const page = await actions.singlePage(bytes);
    if (page) download(page, modelFileName(description.name, 'html'));
  });

  return (state, previous) => {
    showFacts(state, previous);
    const { model } = state;
    if (model === previous.model) return;
    current = model;
    // The server's model has no file here.
    save.disabled = savePage.disabled = !model || model.bytes.length === 0;
  };
}

/**
 * @param {NonNullable<OpenModel['description']['imported']>} imported
 * @returns {string} the tool, its version, and what it fitted
 */
const importedFrom = ({ source, sourceVersion, objective }) =>
  [[source, sourceVersion].filter(Boolean).join(' '), objective].filter(Boolean).join(', ');

/**
 * @param {OpenModel} model
 * @returns {[string, Node | string][]}
 */
function describe({ bytes, description }) {
  const { imported, recordError, target, training } = description;
  const { model: words } = text();
  const proof = bytes.length === 0 ? words.proofOfServer : words.proof;
  return [
    [words.name, description.name],
    [words.task, words.tasks[description.task]],
    [words.estimator, words.estimators[description.estimator] ?? description.estimator],
    [words.target, target.name],
    ...(training ? [/** @type {[string, string]} */ ([words.trainingRows, String(training.rows)])] : []),
    ['classes' in target ? words.classes : words.targetRange, targetFacts(target)],
    ...(imported ? [/** @type {[string, string]} */ ([words.importedFrom, importedFrom(imported)])] : []),
    // Without a record it is unknown whether rows were held out.
    ...(training
      ? [/** @type {[string, string]} */ ([words.heldOutResult, heldOutResult(description.heldOut)])]
      : []),
    ...heldOutFigures(description.heldOut),
    ...crossValidationFacts(description.crossValidation),
    ...outOfBagFacts(training?.forest?.outOfBag ?? null),
    ...(training ? [/** @type {[string, string]} */ ([words.fit, fitSettings(training)])] : []),
    [words.missingValues, missingValues(description.features)],
    ...decisionFacts(description),
    ...droppedFacts(description.dropped),
    ...certificateFacts(description.certificate),
    ...warningFacts(training?.warnings ?? imported?.notes ?? []),
    ...(recordError === null ? [] : [/** @type {[string, string]} */ ([words.record, words.recordUnreadable(recordError)])]),
    [words.proofRows, proof(description.proofRows)],
    [words.digest, element('code', { class: 'digest' }, description.digest)],
    ...(training || imported
      ? [/** @type {[string, string]} */ ([words.created, dateTime((training ?? imported)?.created ?? null)])]
      : []),
    ...(training ? [/** @type {[string, string]} */ ([words.tool, toolUsed(training)])] : []),
  ];
}

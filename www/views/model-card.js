import {
  certificateSentence,
  dateTime,
  fitSettings,
  heldOutResult,
  modelFileName,
  targetFacts,
  toolUsed,
} from '../wording.js';
import { element, find, setFacts } from './element.js';
import { acceptFile } from './file-input.js';
import { warningFacts } from './warnings.js';

/** @import {ModelDescription} from '../pkg/predict/tepal.js' */
/** @import {Actions} from '../actions.js' */
/** @import {OpenModel} from '../protocol.js' */
/** @import {Listener} from '../state.js' */

/**
 * What the model in use says of itself, and its file: save it, or open another.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function modelCard(root, actions) {
  const card = find(root, '[data-testid=model-card]', HTMLDListElement);
  const save = find(root, '[data-testid=save-model]', HTMLButtonElement);
  const open = find(root, '[data-testid=open-model]', HTMLInputElement);
  /** @type {OpenModel | null} */
  let current = null;

  acceptFile(root, open, (file) => actions.openModel(file.name, async () => file));
  save.addEventListener('click', () => {
    if (current) download(current.bytes, modelFileName(current.description.name));
  });

  return ({ model }, previous) => {
    if (model === previous.model) return;
    current = model;
    save.disabled = !model;
    setFacts(card, model ? describe(model.description) : []);
  };
}

/**
 * @param {ModelDescription} model
 * @returns {[string, Node | string][]}
 */
function describe(model) {
  const { target, training } = model;
  const proof = `${model.proofRows}/${model.proofRows} reproduced when it was opened`;
  const digest = element('code', { title: model.digest }, model.digest.slice(0, 16), '…');
  return [
    ['Name', model.name],
    ['Estimator', model.estimator],
    ['Target', target.name],
    ['Training rows', String(training.rows)],
    ['classes' in target ? 'Classes' : 'Target range', targetFacts(target)],
    ['Held-out result', heldOutResult(model.heldOut)],
    ['Fit', fitSettings(training)],
    ['Certificate', certificateSentence(model.certificate)],
    ...warningFacts(training.warnings),
    ['Proof rows', proof],
    ['Digest', digest],
    ['Created', dateTime(training.created)],
    ['Tool', toolUsed(training)],
  ];
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} name
 */
function download(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  element('a', { href: url, download: name }).click();
  // The browser takes hold of the file after this task; until then the address must be good.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

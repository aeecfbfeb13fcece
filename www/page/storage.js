/**
 * What the browser keeps for this page: models, and what was last worked on. It leaves the device as little as all else does.
 * Each method rejects where the browser refuses storage or has no room.
 */

/** @import {Row} from '../pkg/predict/tepal.js' */
/** @import {Reading, TrainSnapshot} from './state.js' */

/**
 * A model file, by its digest.
 * @typedef {{digest: string, name: string, target: string, saved: number, bytes: Uint8Array<ArrayBuffer>}} KeptModel
 *
 * The table that was last trained on, and what was changed about it.
 * @typedef {{name: string, file: Blob, readOptions: Reading, settings: TrainSnapshot | null}} KeptTable
 *
 * The case that was last entered, and the model that it is for.
 * @typedef {{digest: string, name: string, row: Row, saved: number}} KeptCase
 */

/** Counts what is kept and how: a step for each version leads from the one before. */
const STEPS = [
  (/** @type {any} */ database) => {
    database.createObjectStore('models', { keyPath: 'digest' });
    database.createObjectStore('last');
  },
];

/** Two copies of the page on one origin keep to their own. */
const NAME = `tepal ${new URL('./', location.href).pathname}`;

/** @type {Promise<any> | null} */
let opened = null;

function database() {
  opened ??= open().catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function open() {
  const { openDB } = await import('../vendor/idb.js');
  const database = await openDB(NAME, STEPS.length, {
    upgrade(/** @type {any} */ made, /** @type {number} */ before) {
      for (const step of STEPS.slice(before)) step(made);
    },
    // A newer page in another tab is not to wait for this one.
    blocking() {
      database.close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  });
  return database;
}

const isText = (/** @type {unknown} */ value) => typeof value === 'string';
/** @param {unknown} value @returns {boolean} */
const isRecord = (value) => typeof value === 'object' && value !== null;

/** What was damaged is of no use. @param {any} kept @returns {kept is KeptModel} */
const isModel = (kept) =>
  isText(kept.digest) && isText(kept.name) && isText(kept.target) && Number.isFinite(kept.saved) && kept.bytes instanceof Uint8Array;

/** @param {any} kept @returns {KeptTable | null} */
function tableOf(kept) {
  const isWhole = isRecord(kept) && isText(kept.name) && kept.file instanceof Blob && isRecord(kept.readOptions);
  if (!isWhole) return null;
  const { settings } = kept;
  return { ...kept, settings: isRecord(settings) && isRecord(settings.controls) && isRecord(settings.columns) ? settings : null };
}

/** @param {any} kept @returns {KeptCase | null} */
const caseOf = (kept) => (isRecord(kept) && isText(kept.digest) && isText(kept.name) && isRecord(kept.row) ? kept : null);

/** @returns {Promise<KeptModel[]>} the last saved first */
export async function keptModels() {
  const kept = await database();
  const models = /** @type {unknown[]} */ (await kept.getAll('models'));
  const whole = models.filter(isModel);
  for (const model of models) if (!isModel(model)) await kept.delete('models', /** @type {KeptModel} */ (model).digest);
  return whole.sort((one, other) => other.saved - one.saved);
}

/** @param {KeptModel} model */
export const keepModel = async (model) => void (await (await database()).put('models', model));

/** @param {string} digest */
export const forgetModel = async (digest) => void (await (await database()).delete('models', digest));

/** @returns {Promise<{table: KeptTable | null, entered: KeptCase | null}>} */
export async function keptLast() {
  const kept = await database();
  return { table: tableOf(await kept.get('last', 'table')), entered: caseOf(await kept.get('last', 'case')) };
}

/** @param {KeptTable | null} table */
export const keepTable = (table) => keepLast('table', table);

/** @param {KeptCase | null} entered */
export const keepCase = (entered) => keepLast('case', entered);

/** @param {string} key @param {object | null} value */
async function keepLast(key, value) {
  const kept = await database();
  if (value) await kept.put('last', value, key);
  else await kept.delete('last', key);
}

export async function forgetAll() {
  const kept = await database();
  await kept.clear('models');
  await kept.clear('last');
}

import { text } from '../i18n/text.js';
import { explain } from '../i18n/wording.js';
import { isOwnFirst } from './boot.js';
import { goTo } from './route.js';
import { forgetAll, forgetModel, keepCase, keepModel, keepTable, keptLast, keptModels } from './storage.js';

/** @import {OpenModel} from '../shared/protocol.js' */
/** @import {Actions} from './actions.js' */
/** @import {State, Store, TrainSnapshot} from './state.js' */
/** @import {KeptModel} from './storage.js' */
/** @import {TrainActions} from './train-actions.js' */

/** @typedef {ReturnType<typeof keeping>} KeepingActions */

/** A larger table is chosen again: a browser's room is for all of its pages. */
const MOST_TABLE_BYTES = 64 << 20;

/** While a slider is dragged nothing is written. */
const PAUSE_MS = 500;

/**
 * Keeps models, the table and the case in the browser's storage, so that closing a tab loses nothing, and offers them at the
 * next visit.
 *
 * @param {Store} store
 * @param {Actions} actions
 * @param {TrainActions} trainActions
 */
export function keeping(store, actions, trainActions) {
  /** The model that comes with the page needs no keeping. @type {string | undefined} */
  let bundled = isOwnFirst ? store.get().model?.description.digest : '';
  /** Models that are nowhere but in this tab. @type {Set<string>} */
  const unsaved = new Set();
  /** @type {TrainSnapshot | null} */
  let settings = null;
  let waiting = 0;

  /** Says why something is not kept; the rest of the page goes on. @param {() => Promise<unknown>} work */
  async function tried(work) {
    try {
      await work();
      if (store.get().kept.trouble) showKept({ trouble: null });
      return true;
    } catch (error) {
      const isNewer = error instanceof DOMException && error.name === 'VersionError';
      showKept({ trouble: isNewer ? text().kept.newer : text().kept.refused(explain(error)) });
      return false;
    }
  }

  /** @param {Partial<State['kept']>} changes */
  const showKept = (changes) => store.set({ kept: { ...store.get().kept, ...changes } });

  const list = () => tried(async () => showKept({ models: await keptModels() }));

  /** @param {OpenModel} model */
  async function keep({ bytes, description: { digest, name, target } }) {
    unsaved.add(digest);
    const isKept = await tried(() => keepModel({ digest, name, target: target.name, saved: Date.now(), bytes }));
    if (!isKept) return;
    unsaved.delete(digest);
    await list();
  }

  function keepEntered() {
    const { model, row } = store.get();
    if (!model || !row) return;
    const { digest, name } = model.description;
    tried(() => keepCase({ digest, name, row, saved: Date.now() }));
  }

  function keepChosen() {
    const { table } = store.get();
    if (!table) return;
    const { name, file, readOptions } = table;
    const isSmall = file.size <= MOST_TABLE_BYTES;
    tried(() => keepTable(isSmall ? { name, file, readOptions, settings } : null));
  }

  async function begin() {
    await list();
    const { table, entered } = await keptLast();
    // A case is of use with its model only, which may have been deleted.
    const isOther = entered !== undefined && store.get().kept.models.some(({ digest }) => digest === entered.digest);
    if (table || isOther) showKept({ last: { table: table ?? null, entered: isOther ? entered : null } });
  }

  tried(begin).then(() => {
    let known = store.get();
    store.subscribe((state) => {
      const { model, row, table } = state;
      bundled ??= model?.description.digest;
      const isNew = model !== null && model !== known.model;
      // The server's model has no file here.
      if (isNew && model.bytes.length > 0 && model.description.digest !== bundled) keep(model);
      if (table !== known.table) {
        settings = state.givenSettings;
        keepChosen();
      }
      // The first case of the page's own model is not one that a person entered.
      if (row !== known.row && row !== null && model?.description.digest !== bundled) {
        clearTimeout(waiting);
        waiting = setTimeout(keepEntered, PAUSE_MS);
      }
      known = state;
    });
  });

  addEventListener('beforeunload', (event) => {
    const { busy, model } = store.get();
    const isLost = busy === 'training' || (model !== null && unsaved.has(model.description.digest));
    if (isLost) event.preventDefault();
  });

  return {
    /** Whether each visitor of the page has the model. @param {OpenModel} model */
    isBundled: ({ description }) => description.digest === bundled,

    /** @param {TrainSnapshot} changed what a person set for the table in use */
    keepSettings(changed) {
      settings = changed;
      keepChosen();
    },

    /** Opens what was last worked on: the model with the case, and the table with its settings. */
    async goOn() {
      const { last, models } = store.get().kept;
      showKept({ last: null });
      const model = models.find(({ digest }) => digest === last?.entered?.digest);
      if (model && last?.entered) {
        await actions.openModel(model.name, async () => new Blob([model.bytes]));
        store.set({ given: last.entered.row });
      }
      if (last?.table) {
        const { name, file, readOptions } = last.table;
        store.set({ givenSettings: last.table.settings });
        await trainActions.chooseTable(name, async () => file, readOptions);
        store.set({ givenSettings: null });
      }
      goTo(model ? 'predict' : 'train');
    },

    /** What was last worked on stays kept until there is something newer. */
    beginAnew() {
      showKept({ last: null });
    },

    /** @param {KeptModel} model */
    async open({ name, bytes }) {
      await actions.openModel(name, async () => new Blob([bytes]));
      goTo('predict');
    },

    /** @param {string} digest */
    async forget(digest) {
      if (await tried(() => forgetModel(digest))) await list();
    },

    async forgetAll() {
      clearTimeout(waiting);
      if (!(await tried(forgetAll))) return;
      showKept({ last: null });
      await list();
    },
  };
}

import { text } from '../i18n/text.js';
import { explain } from '../i18n/wording.js';
import { fetchFile } from './actions.js';
import { BUNDLED, isOwnFirst } from './boot.js';
import { goTo, isRowInAddress } from './route.js';
import { hashToRow, isMadeWith } from './row-link.js';
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
      const hasNone = typeof indexedDB === 'undefined';
      const { kept } = text();
      showKept({ trouble: isNewer ? kept.newer : kept.refused(hasNone ? kept.noStorage : explain(error)) });
      return false;
    }
  }

  /** @param {Partial<State['kept']>} changes */
  const showKept = (changes) => store.set({ kept: { ...store.get().kept, ...changes } });

  const list = () => tried(async () => {
    const models = await keptModels();
    const { table, entered } = await keptLast();
    showKept({ models, table: table && { name: table.name, bytes: table.file.size }, caseOf: entered?.name ?? null });
    // What another tab deleted is nowhere but here.
    const { model } = store.get();
    const isLost = model && model.bytes.length > 0 && model.description.digest !== bundled && !isAtHand(model.description.digest);
    if (isLost) unsaved.add(model.description.digest);
  });

  /** @param {OpenModel} model */
  async function keep({ bytes, description: { digest, name, target } }) {
    unsaved.add(digest);
    const isKept = await tried(() => keepModel({ digest, name, target: target.name, saved: Date.now(), bytes }));
    if (!isKept) {
      store.set({ notice: store.get().kept.trouble });
      return;
    }
    unsaved.delete(digest);
    await list();
  }

  /** A case is of use with its model only. @param {string} digest */
  const isAtHand = (digest) => digest === bundled || store.get().kept.models.some((model) => model.digest === digest);

  async function keepEntered() {
    const { model, row } = store.get();
    if (!model || !row || !isAtHand(model.description.digest)) return;
    const { digest, name } = model.description;
    const isKept = await tried(() => keepCase({ digest, name, row, saved: Date.now() }));
    if (isKept && store.get().kept.caseOf !== name) showKept({ caseOf: name });
  }

  async function keepChosen() {
    const { table } = store.get();
    if (!table) return;
    const { name, file, readOptions } = table;
    const kept = file.size <= MOST_TABLE_BYTES ? { name, file, readOptions, settings } : null;
    if (await tried(() => keepTable(kept))) showKept({ table: kept && { name, bytes: file.size } });
  }

  async function begin() {
    await list();
    const { table, entered: last } = await keptLast();
    const entered = last && isAtHand(last.digest) ? last : null;
    // A link of a kept model opens that.
    const link = hashToRow(location.hash, []);
    const linked = store.get().kept.models.find(({ digest }) => link && isMadeWith(link, digest));
    const current = store.get().model?.description.digest;
    if (linked && linked.digest !== current) await actions.openModel(linked.name, async () => new Blob([linked.bytes]));
    else if ((table || entered) && !link?.model) showKept({ last: { table, entered } });
  }

  /** @type {State} */
  let known = store.get();
  /** The first case of a model is not one that a person entered. */
  let isFirst = false;
  /** @param {State} state */
  function follow(state) {
    const { model, row, table } = state;
    const before = known;
    known = state;
    bundled ??= model?.description.digest;
    // Who begins something else does not go on with what was before.
    if (store.get().kept.last && (model !== before.model || table !== before.table || state.busy === 'training')) showKept({ last: null });
    if (model !== before.model) {
      isFirst = true;
      // The server's model has no file here.
      if (model && model.bytes.length > 0 && model.description.digest !== bundled) keep(model);
    }
    if (table !== before.table) {
      // Of a file that is read otherwise they stay.
      if (table?.file !== before.table?.file) settings = state.givenSettings;
      keepChosen();
    }
    if (row === before.row || row === null) return;
    if (!isFirst) {
      clearTimeout(waiting);
      waiting = setTimeout(keepEntered, PAUSE_MS);
    }
    isFirst = false;
  }
  tried(begin).then(() => store.subscribe(follow));
  // Another tab may have kept something, or deleted it.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') list();
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
      await list();
      const { last, models } = store.get().kept;
      showKept({ last: null });
      const { entered, table } = last ?? {};
      const model = models.find(({ digest }) => digest === entered?.digest);
      const isOther = entered?.digest !== store.get().model?.description.digest;
      if (model) await actions.openModel(model.name, async () => new Blob([model.bytes]));
      else if (isOther && entered?.digest === bundled) await actions.openModel(BUNDLED.name, () => fetchFile(BUNDLED.url));
      const isOpen = entered !== undefined && entered?.digest === store.get().model?.description.digest;
      // The address is not to say another case.
      if (isOpen && isRowInAddress()) history.replaceState(null, '', '#predict');
      if (isOpen) store.set({ given: entered?.row ?? null });
      else if (entered) store.set({ notice: text().kept.gone(entered.name) });
      if (table) {
        const { name, file, readOptions } = table;
        store.set({ givenSettings: table.settings });
        try {
          await trainActions.chooseTable(name, async () => file, readOptions);
        } finally {
          store.set({ givenSettings: null });
        }
      }
      goTo(isOpen ? 'predict' : 'train');
    },

    /** What was last worked on stays kept until there is something newer. */
    dismissLast() {
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

    async forgetTable() {
      if (await tried(() => keepTable(null))) showKept({ table: null });
    },

    async forgetCase() {
      clearTimeout(waiting);
      if (await tried(() => keepCase(null))) showKept({ caseOf: null });
    },

    async forgetAll() {
      clearTimeout(waiting);
      if (!(await tried(forgetAll))) return;
      showKept({ last: null, table: null, caseOf: null });
      await list();
    },
  };
}

import { explain } from './wording.js';

/** @import {TrainOptions} from './pkg/train/tepal.js' */
/** @import {Row} from './pkg/predict/tepal.js' */
/** @import {Engine} from './client.js' */
/** @import {Server} from './server.js' */
/** @import {OpenModel} from './protocol.js' */
/** @import {ServerCheck, Source, State, Store} from './state.js' */

/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * What a visitor can do. Each action changes the state; a failure ends in the state as well, never in an
 * exception.
 *
 * @param {Store} store
 * @param {Engine} engine
 * @param {Server} server
 */
export function createActions(store, engine, server) {
  /** Counts tables chosen: columns that come late, of a table chosen before, are dropped. */
  let tablesChosen = 0;

  /** @param {OpenModel} model */
  function useModel(model) {
    // The row belongs to the features of the model before; the form draws itself anew and sends another.
    store.set({ model, row: null, answer: null, failure: null });
    if (store.get().source === 'server') checkServer();
  }

  // A server that was out of reach and answers now is asked again which model it has.
  store.subscribe(({ answer, serverCheck }, previous) => {
    const answered = answer !== previous.answer && answer?.source === 'server';
    if (answered && serverCheck?.status === 'unreachable') checkServer();
  });

  async function checkServer() {
    store.set({ serverCheck: { status: 'checking' } });
    try {
      const theirs = await server.model();
      const same = theirs.digest === store.get().model?.description.digest;
      report(same ? { status: 'same' } : { status: 'other', ...theirs });
    } catch (error) {
      report({ status: 'unreachable', message: explain(error) });
    }
    /** @param {ServerCheck} serverCheck */
    function report(serverCheck) {
      if (store.get().source === 'server') store.set({ serverCheck });
    }
  }

  return {
    /** @param {Row | null} row */
    enterRow(row) {
      store.set({ row });
    },

    /** @param {Source} source */
    async askSource(source) {
      store.set({ source, failure: null, serverCheck: null });
      if (source === 'server') await checkServer();
    },

    /**
     * @param {string} name
     * @param {() => Promise<Blob>} read
     */
    async openModel(name, read) {
      try {
        const file = await read();
        const model = await engine.open(new Uint8Array(await file.arrayBuffer()));
        store.set({ notice: null, report: null });
        useModel(model);
      } catch (error) {
        const kept = store.get().model ? ' The model in use is kept.' : '';
        store.set({ notice: `“${name}” could not be opened. ${explain(error)}.${kept}` });
      }
    },

    /**
     * @param {string} name
     * @param {() => Promise<Blob>} read
     */
    async chooseTable(name, read) {
      const mine = (tablesChosen += 1);
      store.set({ table: null, busy: 'reading', trainFailure: null, report: null });
      /** @type {Partial<State>} */
      let outcome;
      try {
        const file = await read();
        const columns = await engine.columns(await file.arrayBuffer());
        outcome = { table: { name, file, columns } };
      } catch (error) {
        outcome = { trainFailure: `“${name}” could not be read. ${explain(error)}.` };
      }
      if (mine === tablesChosen) store.set({ ...outcome, busy: null });
    },

    /** @param {TrainOptions} options */
    async train(options) {
      const { table, busy } = store.get();
      if (!table || busy) return;
      store.set({ busy: 'training', trainFailure: null, report: null });
      try {
        const bytes = await table.file.arrayBuffer();
        const start = performance.now();
        const model = await engine.train(bytes, {
          ...options,
          name: table.name.replace(/\.[^.]*$/, '') || options.target,
          created: Math.floor(Date.now() / 1000),
        });
        store.set({ busy: null, notice: null, report: { model, milliseconds: performance.now() - start } });
        useModel(model);
      } catch (error) {
        store.set({ busy: null, trainFailure: `${explain(error)}.` });
      }
    },

    dismissNotice() {
      store.set({ notice: null });
    },
  };
}

/**
 * @param {string} url on this origin
 * @returns {Promise<Blob>}
 */
export async function fetchFile(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return response.blob();
}

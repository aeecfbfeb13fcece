import { text } from '../i18n/text.js';
import { explain } from '../i18n/wording.js';
import { PredictionError } from '../shared/protocol.js';
import { caseActions } from './case-actions.js';
import { fallbackActions } from './fallback.js';
import { emptyPage, withModel } from './single-page.js';

/** @import {OpenModel} from '../shared/protocol.js' */
/** @import {Engine} from './client.js' */
/** @import {Server} from './server.js' */
/** @import {ServerCheck, Source, Store} from './state.js' */

/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * What a visitor can do with models, and with the case entered. Each action changes the state; a failure ends in the
 * state as well, never in an exception.
 *
 * @param {Store} store
 * @param {Engine} engine
 * @param {Server} server
 */
export function createActions(store, engine, server) {
  /** Counts models asked for: one that comes late, asked for before another, is dropped. */
  let modelsAsked = 0;

  /** @param {OpenModel} model */
  function useModel(model) {
    modelsAsked += 1;
    // The row belongs to the features of the model before; the form is drawn again and sends another.
    store.set({ model, row: null, answer: null, failure: null, explained: null, pinned: null });
    if (store.get().source === 'server') checkServer();
  }

  // Each answer of the server says which model gave it: models change while it runs. A server that does not say so and was
  // out of reach is asked again: it may have been restarted.
  store.subscribe(({ answer, failure, source, serverCheck }, previous) => {
    const isKnown = serverCheck?.status === 'same' || serverCheck?.status === 'other';
    if (failure && failure !== previous.failure && source === 'server' && isKnown) {
      store.set({ serverCheck: { status: 'unreachable', message: failure } });
    }
    const answered = answer !== previous.answer && answer?.source === 'server';
    if (answered && server.answeredBy) compareModels(server.answeredBy, serverCheck);
    else if (answered && serverCheck?.status === 'unreachable') checkServer();
  });

  async function checkServer() {
    store.set({ serverCheck: { status: 'checking' } });
    try {
      compareModels(await server.model(), null);
    } catch (error) {
      report({ status: 'unreachable', message: explain(error) });
    }
  }

  /**
   * @param {{name: string, digest: string}} theirs
   * @param {ServerCheck | null} known what is said already, which need not be said again
   */
  function compareModels(theirs, known) {
    const isSame = theirs.digest === store.get().model?.description.digest;
    if (isSame && known?.status === 'same') return;
    if (!isSame && known?.status === 'other' && known.digest === theirs.digest) return;
    report(isSame ? { status: 'same' } : { status: 'other', ...theirs });
  }

  /** @param {ServerCheck} serverCheck */
  function report(serverCheck) {
    if (store.get().source === 'server') store.set({ serverCheck });
  }

  return {
    ...caseActions(store),
    useModel,

    /**
     * @param {Uint8Array} bytes a model file
     * @returns {Promise<Blob | null>} its page in one file; null where that is said as a notice
     */
    async singlePage(bytes) {
      try {
        const page = await (await fetchFile(emptyPage(bytes))).text();
        return new Blob([withModel(page, bytes)], { type: 'text/html' });
      } catch (error) {
        store.set({ notice: text().model.notSaved(explain(error)) });
        return null;
      }
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
      const mine = (modelsAsked += 1);
      try {
        const bytes = new Uint8Array(await (await read()).arrayBuffer());
        if (mine !== modelsAsked) return;
        const model = await engine.open(bytes);
        store.set({ notice: null, report: null });
        useModel(model);
      } catch (error) {
        if (mine !== modelsAsked) return;
        // That the engine cannot run is said in a place of its own.
        if (error instanceof PredictionError && error.kind === 'unavailable') return;
        store.set({ notice: text().page.notOpened(name, explain(error), store.get().model !== null) });
      }
    },

    ...fallbackActions(store, engine, server, useModel),

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
  return fileOf(await fetch(url));
}

/**
 * @param {Response} response
 * @returns {Promise<Blob>}
 */
export async function fileOf(response) {
  if (!response.ok) throw new Error(`${new URL(response.url).pathname}: the server answered ${response.status}`);
  // Not `blob()`: of a response that was preloaded, Chromium 156 sometimes fails to make one.
  return new Blob([await response.arrayBuffer()]);
}

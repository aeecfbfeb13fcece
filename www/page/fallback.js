import { text } from '../i18n/text.js';
import { explain } from '../i18n/wording.js';
import { CANNOT_RUN } from '../shared/protocol.js';
import { findCause } from './engine-check.js';

/** @import {OpenModel} from '../shared/protocol.js' */
/** @import {Engine} from './client.js' */
/** @import {Surroundings} from './engine-check.js' */
/** @import {Server} from './server.js' */
/** @import {Parity, Store} from './state.js' */

/**
 * What is done with the server beside predicting: it stands in for an engine that cannot run, and answers for a
 * comparison.
 *
 * @param {Store} store
 * @param {Engine} engine
 * @param {Server} server
 * @param {(model: OpenModel) => void} useModel
 */
export function fallbackActions(store, engine, server, useModel) {
  return {
    /**
     * Finds out why, and whether a server is there. Nothing that was entered is sent.
     *
     * @param {Error} error
     * @param {Surroundings} surroundings
     */
    async engineFailed(error, surroundings) {
      const message = error.message.replace(CANNOT_RUN, '');
      store.set({ engineTrouble: { cause: null, message, hasServer: false } });
      const isThere = server.model().then(() => true, () => false);
      const cause = await findCause(message, surroundings);
      store.set({ engineTrouble: { cause, message, hasServer: await isThere } });
    },

    /** Fills in the form of the server's own model, and asks the server. */
    async askServerAlone() {
      try {
        const description = await server.describe();
        store.set({ source: 'server', notice: null });
        useModel({ bytes: new Uint8Array(), description });
      } catch (error) {
        store.set({ notice: `${explain(error)}.` });
      }
    },

    /** Predicts the row entered with the engine and with the server. */
    async compare() {
      const { row, model, parity: current } = store.get();
      if (!row || !model || current?.status === 'comparing') return;
      /** @param {Parity} parity */
      const show = (parity) => store.set({ parity });
      show({ status: 'comparing', row });
      try {
        const [device, theirs] = await Promise.all([engine.predict(row), server.predict(row)]);
        const { digest } = server.answeredBy ?? (await server.model());
        const digests = { device: model.description.digest, server: digest };
        show({ status: 'compared', row, device, server: theirs, digests });
      } catch (error) {
        show({ status: 'failed', row, failure: explain(error) });
      }
    },
  };
}

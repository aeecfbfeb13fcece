/**
 * A worker that reads a share of a large table and answers the questions of the one that leads the fit, see
 * `file-fit.js`. Questions and answers are bytes that only the engine understands. Every message of the leader
 * carries a number; the answer carries the same one.
 *
 *     leader -> share   {id, type: 'open', file, layout, index, shares, memory}   once, and first
 *                       {id, type: 'answer', question}
 *     share -> leader   {id, ok: answer}   `null` to `open`, or   {id, error: {kind, message, row, column}}
 */

import loadBuild, { Share } from '../pkg/shares/tepal.js';
import { describeError } from '../shared/protocol.js';
import { FileParts } from './file-parts.js';

/** @import {ErrorData} from '../shared/protocol.js' */

/**
 * Opens share `index` of `shares`, from 0 on. It keeps what fits into `memory` bytes of its rows.
 * @typedef {{id: number, type: 'open', file: Blob, layout: Uint8Array, index: number, shares: number,
 *   memory: number}} OpenShareRequest
 *
 * @typedef {{id: number, type: 'answer', question: Uint8Array}} AnswerRequest
 *
 * @typedef {OpenShareRequest | AnswerRequest} ShareRequest
 * @typedef {{id: number, ok: Uint8Array<ArrayBuffer> | null} | {id: number, error: ErrorData}} ShareReply
 */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** @type {Promise<{share: Share, parts: FileParts}>} */
let opened = Promise.reject(new Error('no share is open'));
opened.catch(() => {});

/** @param {OpenShareRequest} request */
async function open({ file, layout, index, shares, memory }) {
  await loadBuild();
  return { share: new Share(layout, index, shares, memory), parts: new FileParts(file) };
}

/** @param {ShareRequest} request */
async function answer(request) {
  if (request.type === 'open') {
    // Questions may come while the build is loaded, and wait for it.
    opened = open(request);
    await opened;
    return null;
  }
  const { share, parts } = await opened;
  share.begin(request.question);
  for (let part = share.part(); part; part = share.part()) {
    share.feed(await parts.read(part[0], part[1]));
  }
  return /** @type {Uint8Array<ArrayBuffer>} */ (share.answer());
}

scope.addEventListener('message', async (/** @type {MessageEvent<ShareRequest>} */ event) => {
  const { id } = event.data;
  /** @param {ShareReply} reply @param {Transferable[]} [transfer] */
  const post = (reply, transfer = []) => scope.postMessage(reply, transfer);
  try {
    const ok = await answer(event.data);
    post({ id, ok }, ok ? [ok.buffer] : []);
  } catch (error) {
    post({ id, error: describeError(error) });
  }
});

/**
 * Predictions for a file of any length, on the worker's side: read, scored and written piece by piece. Between two
 * pieces the worker hears messages, so it can say how far it is, be stopped, and answer what else the page asks.
 */

import { seldom, Stopped, turn } from './fit.js';

/** @import {FileScorer, Matching, ScoreOptions} from '../pkg/train/tepal.js' */
/** @import {Scored, ScoreProgress} from '../shared/protocol.js' */

/** A piece takes some milliseconds: a stop is heard at once. */
const PIECE_BYTES = 1 << 18;

/** What is looked at to find out how a file is written down, and the longest row. */
const HEAD_BYTES = 1 << 22;

const PREVIEW_ROWS = 20;

/** From so many bytes on results are given to the browser, which may keep them on disk. */
const KEPT_BYTES = 1 << 25;

export class Scoring {
  #loadBuild;
  #model;
  #isStopped = false;

  /**
   * @param {() => Promise<typeof import('../pkg/train/tepal.js')>} loadBuild
   * @param {Uint8Array} model a model file
   */
  constructor(loadBuild, model) {
    this.#loadBuild = loadBuild;
    this.#model = model;
  }

  /**
   * @param {Blob} file
   * @param {ScoreOptions} options
   * @returns {Promise<Matching>}
   */
  async match(file, options) {
    const head = await bytes(file, 0, HEAD_BYTES);
    const scorer = await this.#scorer(head, file, options);
    try {
      return scorer.preview(head, PREVIEW_ROWS);
    } finally {
      scorer.free();
    }
  }

  /**
   * @param {Blob} file
   * @param {ScoreOptions} options
   * @param {(progress: ScoreProgress) => void} report
   * @returns {Promise<Scored>}
   */
  async run(file, options, report) {
    const scorer = await this.#scorer(await bytes(file, 0, HEAD_BYTES), file, options);
    try {
      return await this.#score(scorer, file, report);
    } finally {
      scorer.free();
    }
  }

  stop() {
    this.#isStopped = true;
  }

  /** @param {Uint8Array} head @param {Blob} file @param {ScoreOptions} options */
  async #scorer(head, file, options) {
    const { FileScorer } = await this.#loadBuild();
    return new FileScorer(this.#model, head, head.length === file.size, options);
  }

  /**
   * @param {FileScorer} scorer
   * @param {Blob} file
   * @param {(progress: ScoreProgress) => void} report
   * @returns {Promise<Scored>}
   */
  async #score(scorer, file, report) {
    const type = 'text/csv;charset=utf-8';
    const reports = seldom(report);
    let whole = new Blob([], { type });
    let parts = [ownBytes(scorer.header())];
    let [position, length, kept] = [0, PIECE_BYTES, 0];
    while (position < file.size) {
      const piece = await bytes(file, position, length);
      await turn();
      if (this.#isStopped) throw new Stopped(false);
      const before = position;
      const lines = ownBytes(scorer.score(piece, position + piece.length === file.size));
      position = scorer.position;
      // A row that is longer than the piece: the next one is twice as long, up to where the engine refuses it.
      length = position === before ? 2 * length : PIECE_BYTES;
      parts.push(lines);
      kept += lines.length;
      if (kept > KEPT_BYTES) {
        whole = new Blob([whole, ...parts], { type });
        [parts, kept] = [[], 0];
      }
      reports.next({ share: position / file.size, summary: scorer.summary() });
    }
    reports.last();
    return { file: new Blob([whole, ...parts], { type }), summary: scorer.summary(), truth: scorer.truth() ?? null };
  }
}

/** What comes out of WebAssembly is a copy of its own. */
const ownBytes = (/** @type {Uint8Array} */ lines) => /** @type {Uint8Array<ArrayBuffer>} */ (lines);

/**
 * @param {Blob} file
 * @param {number} start
 * @param {number} length
 */
async function bytes(file, start, length) {
  try {
    return new Uint8Array(await file.slice(start, start + length).arrayBuffer());
  } catch {
    // Browsers refuse a file that is not what it was, in words that say less.
    throw new Error('the file was changed or removed after it was chosen; choose it again');
  }
}

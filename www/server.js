import { PredictionError } from './protocol.js';

/** @import {Prediction, Row} from './pkg/predict/tepal.js' */

const PATIENCE_MS = 8000;

/**
 * The fallback server, with the same `predict` as the engine. It lives beside the page: `./predict` and
 * `./healthz`.
 */
export class Server {
  /**
   * @param {Row} row one value per feature, on the scale of the training table
   * @returns {Promise<Prediction>}
   */
  async predict(row) {
    const body = await request('./predict', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows: [row] }),
    });
    const prediction = body?.predictions?.[0];
    if (prediction?.prediction === undefined) throw badAnswer('it sent no prediction');
    return prediction;
  }

  /**
   * Which model the server answers with.
   *
   * @returns {Promise<{name: string, digest: string}>}
   */
  async model() {
    const model = (await request('./healthz', {}))?.model;
    if (typeof model?.digest !== 'string') throw badAnswer('it did not say which model it has');
    return { name: String(model.name), digest: model.digest };
  }
}

/**
 * @param {string} url
 * @param {RequestInit} options
 * @returns {Promise<any>} the JSON body
 */
async function request(url, options) {
  let response;
  let body;
  try {
    response = await fetch(url, { ...options, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
    body = await response.text();
  } catch {
    throw new PredictionError({ kind: 'unavailable', message: 'the server cannot be reached' });
  }
  const data = parse(body);
  if (response.ok && data !== undefined) return data;
  if (typeof data?.error !== 'string') throw badAnswer(`status ${response.status}, not in tepal's format`);
  const { error: message, kind = 'internal', row, column } = data;
  throw new PredictionError({ kind, message, row, column });
}

/**
 * @param {string} text
 * @returns {any} undefined when it is not JSON: a static host answers with a page of its own
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {string} why */
function badAnswer(why) {
  const message = `no tepal server answers at this address (${why})`;
  return new PredictionError({ kind: 'bad_answer', message });
}

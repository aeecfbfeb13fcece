import { text } from '../i18n/text.js';
import { PredictionError } from '../shared/protocol.js';

/** @import {ModelDescription, Prediction, Row} from '../pkg/predict/tepal.js' */

const PATIENCE_MS = 8000;

/**
 * The fallback server, with the same `predict` as the engine. It lives beside the page: `./predict`, `./model` and
 * `./healthz`.
 */
export class Server {
  /**
   * Which model gave the last prediction; null before the first, and where a server does not say.
   *
   * @type {{name: string, digest: string} | null}
   */
  answeredBy = null;

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
    if (prediction?.prediction === undefined) throw badAnswer(text().page.noPrediction);
    this.answeredBy = typeof body.model?.digest === 'string' ? identity(body.model) : null;
    return prediction;
  }

  /**
   * Which model the server answers with.
   *
   * @returns {Promise<{name: string, digest: string}>}
   */
  async model() {
    const model = (await request('./healthz', {}))?.model;
    if (typeof model?.digest !== 'string') throw badAnswer(text().page.noModelNamed);
    return identity(model);
  }

  /**
   * What the server's model says of itself, as the engine says it of a model file.
   *
   * @returns {Promise<ModelDescription>}
   */
  async describe() {
    const description = await request('./model', {}).catch((error) => {
      throw error.kind === 'not_found' ? badAnswer(text().page.noDescription) : error;
    });
    if (!Array.isArray(description?.features) || !description.target) throw badAnswer(text().page.noDescription);
    return description;
  }
}

/** @param {{name: unknown, digest: string}} model */
function identity({ name, digest }) {
  return { name: String(name), digest };
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
    throw new PredictionError({ kind: 'unavailable', message: text().page.serverUnreachable });
  }
  const data = parse(body);
  if (response.ok && data !== undefined) return data;
  if (typeof data?.error !== 'string') throw badAnswer(text().page.foreignStatus(response.status));
  const { error: message, kind = 'internal', row, column } = data;
  throw new PredictionError({ kind, message, row, column });
}

/**
 * @param {string} body
 * @returns {any} undefined when it is not JSON: a static host answers with a page of its own
 */
function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** @param {string} why */
function badAnswer(why) {
  return new PredictionError({ kind: 'bad_answer', message: text().page.noServer(why) });
}

/**
 * A row as the hash of an address. Browsers send no hash to any server, so what was entered stays with those who
 * have the link.
 *
 *     #row?sepal%20length%20(cm)=5.1&island=Biscoe&sex=;model=32d39a44a854
 *
 * A missing value is empty. Names and values are percent-encoded and then hold no semicolon, so what follows one is
 * not a feature, whatever features are called.
 */

/** @import {FeatureDescription, Label, Row} from '../pkg/predict/tepal.js' */

/**
 * Why a part of a link was not taken. `malformed`: it is no name and value, percent-encoded.
 * @typedef {'malformed' | 'unknownFeature' | 'repeated' | 'absent' | 'notMissing' | 'notANumber'
 *   | 'unseenCategory'} RowProblemKind
 *
 * @typedef {{kind: RowProblemKind, feature: string, value: string}} RowProblem
 *
 * What a link holds: of the features that it has a good value for, that value.
 * @typedef {{row: Row, model: string | null, problems: RowProblem[]}} RowLink
 */

const PREFIX = '#row?';
const MODEL = 'model=';

/** So many digits of a digest are not shared by two models of one visitor. */
const DIGEST_LENGTH = 12;

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * @param {Row} row
 * @param {string} [digest] of the model that the row is for
 * @returns {string}
 */
export function rowToHash(row, digest) {
  const pairs = Object.entries(row).map(([name, value]) => `${encode(name)}=${encode(String(value ?? ''))}`);
  const model = digest === undefined ? '' : `;${MODEL}${digest.slice(0, DIGEST_LENGTH)}`;
  return PREFIX + pairs.join('&') + model;
}

/**
 * @param {string} hash
 * @param {FeatureDescription[]} features of the model that the row is wanted for
 * @returns {RowLink | null} null when the hash is for something else
 */
export function hashToRow(hash, features) {
  if (!hash.startsWith(PREFIX)) return null;
  const [pairs, ...marks] = hash.slice(PREFIX.length).split(';');
  const mark = marks.find((text) => text.startsWith(MODEL));
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  /** @type {Map<string, Label | null>} */
  const values = new Map();
  const named = new Set();
  /** @type {RowProblem[]} */
  const problems = [];

  for (const pair of pairs.split('&').filter(Boolean)) {
    const decoded = decodePair(pair);
    const feature = decoded && byName.get(decoded.name);
    /** @param {RowProblemKind} kind */
    const refuse = (kind) => problems.push({ kind, feature: decoded?.name ?? pair, value: decoded?.text ?? '' });
    if (!decoded) refuse('malformed');
    else if (!feature) refuse('unknownFeature');
    else if (named.has(feature.name)) refuse('repeated');
    else {
      named.add(feature.name);
      const read = readValue(feature, decoded.text);
      if ('problem' in read) refuse(read.problem);
      else values.set(feature.name, read.value);
    }
  }
  for (const { name } of features) {
    if (!named.has(name)) problems.push({ kind: 'absent', feature: name, value: '' });
  }
  // Defines properties even for a feature called `__proto__`.
  return { row: Object.fromEntries(values), model: mark?.slice(MODEL.length) ?? null, problems };
}

/**
 * @param {RowLink} link
 * @param {string} digest of the model that is open
 * @returns {boolean | null} whether the link was made with that model; null when it does not say
 */
export function isMadeWith({ model }, digest) {
  return model === null ? null : model === digest.slice(0, DIGEST_LENGTH);
}

/**
 * @param {FeatureDescription} feature
 * @param {string} text
 * @returns {{value: Label | null} | {problem: RowProblemKind}}
 */
function readValue(feature, text) {
  if (text === '') return feature.takesMissing ? { value: null } : { problem: 'notMissing' };
  if (feature.kind === 'number') {
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    return Number.isFinite(value) ? { value } : { problem: 'notANumber' };
  }
  const seen = feature.categories.find(({ category, rows }) => rows !== 0 && String(category) === text);
  return seen ? { value: seen.category } : { problem: 'unseenCategory' };
}

/** @param {string} text */
function encode(text) {
  // What remains of these at the end of a line, messengers take for punctuation.
  return encodeURIComponent(text).replaceAll(/[!'*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @param {string} pair */
function decodePair(pair) {
  const at = pair.indexOf('=');
  if (at < 0) return null;
  try {
    return { name: decodeURIComponent(pair.slice(0, at)), text: decodeURIComponent(pair.slice(at + 1)) };
  } catch {
    return null;
  }
}

/** Where a model goes in the page that `scripts/single.mjs` writes. */
export const PLACE = '%MODEL%';

/** How the header of a model file names what only the build of graphs knows. */
const RARE = ['estimator/graph', 'link/one-vs-rest'];

/** Where the header of a model file ends at the latest, as far as it names kinds. */
const HEADER = 4096;

/**
 * @param {Uint8Array} bytes a model file
 * @returns {string} the page without a model that predicts with it
 */
export function emptyPage(bytes) {
  const header = String.fromCharCode(...bytes.subarray(0, HEADER));
  return RARE.some((kind) => header.includes(kind)) ? './pkg/single-graphs.html' : './pkg/single.html';
}

/** Arguments of one call: there is room for about 100,000 on a stack. */
const CHUNK = 1 << 15;

/**
 * The page of one model in one file.
 *
 * @param {string} page without a model
 * @param {Uint8Array} bytes a model file
 * @returns {string}
 */
export function withModel(page, bytes) {
  const [before, after] = page.split(PLACE);
  if (after === undefined) throw new Error(`the page has no place ${PLACE} for a model`);
  return before + base64(bytes) + after;
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(text);
}

/** Files of models that other tools wrote. */

/** What such files begin with: JSON and UBJSON, LightGBM's text, ONNX, a pickle, and XGBoost's old format. */
const BEGINNINGS = ['{', 'tree\n', 'tree\r', '\x08', '\x80', 'binf', 'bs64', 'CBM1'];

/**
 * @param {Uint8Array} bytes of a file
 * @returns {boolean} whether it looks like a model of another tool, which the import build reads or refuses by its name
 */
export function isOfAnotherTool(bytes) {
  const begin = String.fromCharCode(...bytes.subarray(0, 64)).replace(/^\xef\xbb\xbf/, '').trimStart();
  return BEGINNINGS.some((beginning) => begin.startsWith(beginning));
}

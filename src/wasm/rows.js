/**
 * Rows, on JavaScript's side of the boundary. What a value means is decided by the engine, which also says what is wrong with
 * a row.
 */

/** Rows by names: one call takes a row apart, one puts a prediction together. */
export class RowNames {
  #features;
  #order;
  #positions;
  #classes;

  /**
   * @param {string[]} features the names in their order
   * @param {(Map<string | number, number> | null)[]} positions of each feature's categories; null for a number
   * @param {(string | number)[] | null} classes null for a regression
   */
  constructor(features, positions, classes) {
    this.#features = features;
    this.#order = new Map(features.map((name, at) => [name, at]));
    this.#positions = positions;
    this.#classes = classes;
  }

  /**
   * Writes the values of a row whose names are the features, in any order, and whose values are plain.
   *
   * @param {unknown} row
   * @param {Float64Array} values one for each feature
   * @returns {boolean} whether it was such a row; another one is for the engine to read
   */
  read(row, values) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return false;
    // `for` also gives inherited names, which do not count. A plain object has none, unless code extended Object.prototype.
    if (Object.getPrototypeOf(row) !== Object.prototype || hasNames(Object.prototype)) return false;
    const features = this.#features;
    let found = 0;
    for (const name in row) {
      const at = name === features[found] ? found : this.#order.get(name);
      if (at === undefined) return false;
      const cell = row[name];
      const positions = this.#positions[at];
      if (cell === null) {
        values[at] = NaN;
      } else if (positions === null) {
        if (!Number.isFinite(cell)) return false;
        values[at] = cell;
      } else {
        const position = positions.get(typeof cell === 'boolean' ? String(cell) : cell);
        if (position === undefined) return false;
        values[at] = position;
      }
      found += 1;
    }
    // A getter may have called the engine. If its memory has grown since, the values went nowhere.
    return found === features.length && values.length === found;
  }

  /**
   * @param {Float64Array} outputs the predicted number, or a probability for each class
   * @param {number} predicted the position of the predicted class
   */
  prediction(outputs, predicted) {
    const classes = this.#classes;
    if (classes === null) return { prediction: outputs[0] };
    return {
      prediction: classes[predicted],
      probability: outputs[predicted],
      probabilities: classes.map((name, at) => ({ class: name, probability: outputs[at] })),
    };
  }
}

/** @param {object} object */
function hasNames(object) {
  for (const _ in object) return true;
  return false;
}

const TypedArray = Object.getPrototypeOf(Float64Array.prototype);
const [kindOf, bufferOf, offsetOf, lengthOf] = [Symbol.toStringTag, 'buffer', 'byteOffset', 'length'].map(
  (name) => Object.getOwnPropertyDescriptor(TypedArray, name).get,
);

/**
 * Numbers in an array that has nothing of the page's own in it: while it is read no code of the page runs.
 *
 * @param {unknown} values
 * @returns {Float64Array | [number, unknown] | undefined} the position of an item that is no number, and the item; undefined for
 *   what is no list
 */
export function numbers(values) {
  if (ArrayBuffer.isView(values) && kindOf.call(values) === 'Float64Array') {
    return new Float64Array(bufferOf.call(values), offsetOf.call(values), lengthOf.call(values));
  }
  if (!Array.isArray(values)) return undefined;
  const found = new Float64Array(values.length);
  for (let at = 0; at < found.length; at += 1) {
    const value = values[at];
    if (typeof value !== 'number') return [at, value];
    found[at] = value;
  }
  return found;
}

/** LZ4 blocks, by its description of the block format. Whatever does not come out as it should is an error. */

/**
 * @param {Uint8Array} input a block
 * @param {number} length of what it stands for
 * @returns {Uint8Array}
 */
export function decompressLz4Raw(input, length) {
  const output = new Uint8Array(length);
  let [from, to] = [0, 0];
  const more = (/** @type {number} */ nibble) => {
    let total = nibble;
    if (nibble < 15) return total;
    for (let byte = 255; byte === 255; from += 1) {
      if (from >= input.length) throw wrong();
      byte = input[from];
      total += byte;
    }
    return total;
  };
  while (from < input.length) {
    const token = input[from];
    from += 1;
    const literals = more(token >> 4);
    if (from + literals > input.length || to + literals > length) throw wrong();
    output.set(input.subarray(from, from + literals), to);
    [from, to] = [from + literals, to + literals];
    // The last sequence has no match.
    if (from === input.length) break;
    if (from + 2 > input.length) throw wrong();
    const offset = input[from] | (input[from + 1] << 8);
    from += 2;
    const copied = more(token & 15) + 4;
    if (offset === 0 || offset > to || to + copied > length) throw wrong();
    // A match may overlap what it makes.
    for (const end = to + copied; to < end; to += 1) output[to] = output[to - offset];
  }
  if (to !== length) throw wrong();
  return output;
}

/**
 * What was written before the format said how: blocks with their two lengths in front, as Hadoop has them, or one block.
 *
 * @param {Uint8Array} input
 * @param {number} length
 * @returns {Uint8Array}
 */
export function decompressLz4(input, length) {
  return framed(input, length) ?? decompressLz4Raw(input, length);
}

/** @param {Uint8Array} input @param {number} length */
function framed(input, length) {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const output = new Uint8Array(length);
  let [from, to] = [0, 0];
  while (from < input.length) {
    if (from + 8 > input.length) return null;
    const [whole, packed] = [view.getUint32(from), view.getUint32(from + 4)];
    from += 8;
    if (to + whole > length || from + packed > input.length) return null;
    try {
      output.set(decompressLz4Raw(input.subarray(from, from + packed), whole), to);
    } catch {
      return null;
    }
    [from, to] = [from + packed, to + whole];
  }
  return to === length ? output : null;
}

const wrong = () => new Error('an LZ4 block is not of the length that it should have');

/** The first rows of a large table, which tell what its columns hold. */

/** Some thousand rows, which take some ten milliseconds to look at. */
const PIECE_BYTES = 1 << 20;

/** A piece this long without the end of a row is no table; the engine then says so in its words. */
const MOST_BYTES = 1 << 22;

/**
 * @param {Blob} table a CSV file
 * @param {(bytes: Uint8Array, isAll: boolean) => number} headLength the engine's: how many bytes of whole rows a piece
 *   begins with, 0 when not even one row is whole
 * @returns {Promise<Uint8Array>} whole rows, but for a table that has none
 */
export async function readHead(table, headLength) {
  for (let length = PIECE_BYTES; ; length *= 2) {
    const piece = new Uint8Array(await table.slice(0, length).arrayBuffer());
    const whole = headLength(piece, piece.length === table.size);
    if (whole > 0) return piece.subarray(0, whole);
    if (piece.length < length || length >= MOST_BYTES) return piece;
  }
}

/** @import {ErrorKind} from '../types/errors.js' */

/** @typedef {{kind: ErrorKind, message: string, row?: number, column?: string, byte?: number}} ErrorData */

/** What every function of the package throws. `kind` is a stable word, and the message ends with a remedy. */
export class TepalError extends Error {
  /**
   * @param {ErrorData} data
   * @param {ErrorOptions} [options]
   */
  constructor({ kind, message, row, column, byte }, options) {
    super(message, options);
    this.kind = kind;
    // A place that is not known is not there.
    if (row !== undefined) this.row = row;
    if (column !== undefined) this.column = column;
    if (byte !== undefined) this.byte = byte;
  }

  /** For logs: JSON leaves out what errors have by themselves. */
  toJSON() {
    const { name, kind, message, row, column, byte } = this;
    return { name, kind, message, row, column, byte };
  }
}
TepalError.prototype.name = 'TepalError';

/** @param {string} reason */
export const crashed = (reason) =>
  new TepalError({ kind: 'crashed', message: `the engine stopped (${reason}); open the model again, and report this if it stays` });

/**
 * @param {unknown} error what the engine or what leads to it has thrown
 * @returns {TepalError}
 */
export function asTepalError(error) {
  if (error instanceof TepalError) return error;
  if (isTrap(error)) return crashed(error.message);
  if (!(error instanceof Error)) return new TepalError({ kind: 'internal', message: String(error) });
  const { kind = 'internal', row, column, byte } = /** @type {Error & Partial<ErrorData>} */ (error);
  return new TepalError({ kind, message: error.message, row, column, byte }, { cause: error });
}

/**
 * The same with what is to be done about it.
 *
 * @param {TepalError} error
 * @param {string} remedy
 */
export function withRemedy({ kind, message, row, column, byte, cause }, remedy) {
  return new TepalError({ kind, message: `${message}; ${remedy}`, row, column, byte }, { cause });
}

/** What engines of JavaScript say of a stack that ran over. */
const OVERFLOW = /call stack|too much recursion/i;

/**
 * A trap, or a stack that ran over in the middle of something. Other errors of ranges are those of values.
 *
 * @param {unknown} error
 * @returns {error is Error}
 */
function isTrap(error) {
  if (typeof WebAssembly === 'object' && error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof Error && error.name !== 'TepalError' && OVERFLOW.test(error.message);
}

/** @param {string} message @param {unknown} [cause] */
export const unavailable = (message, cause) =>
  new TepalError({ kind: 'unavailable', message }, cause === undefined ? undefined : { cause });

/** @param {unknown} error @returns {string} why something failed; what runs `fetch` may have the reason as a cause */
export function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message ? `${error.message}: ${error.cause.message}` : error.message;
}

/** @param {string} message */
export const invalid = (message) => new TepalError({ kind: 'invalid_request', message });

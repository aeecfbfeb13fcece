import type { ErrorKind as EngineErrorKind } from './predict.js';

/**
 * What went wrong, as a stable word. The package adds: `unavailable` (a file, or the engine, cannot be had), `freed` (the model
 * was freed) and `crashed` (the engine stopped, and with it its models; open them again).
 */
export type ErrorKind = 'unavailable' | 'freed' | 'crashed' | EngineErrorKind;

/** What every function of this package throws. The message ends with a remedy. */
export class TepalError extends Error {
  readonly kind: ErrorKind;
  /** As a spreadsheet counts: in a CSV the header is row 1; in an array of rows the first is row 1. */
  readonly row?: number;
  /** The column's (feature's) name. */
  readonly column?: string;
  /** The offset in a file, from 0. */
  readonly byte?: number;
  /** All of the above, for logs. */
  toJSON(): object;
  private constructor();
}

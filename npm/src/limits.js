/** The engine's limits, in bytes: `src/limits.rs`. It says them itself, but not before it has a copy of what is too large. */
export const MODEL_BYTES = 64 << 20;
export const TABLE_BYTES = 512 << 20;
export const FOREIGN_BYTES = 512 << 20;

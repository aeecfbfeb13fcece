import { first } from './zh/first.js';
import { later } from './zh/later.js';

export { noteCodes } from './en/notes.js';
export { explained } from './zh/errors.js';
export { notes } from './zh/notes.js';

/** Every text of the page in Chinese. */
export const zh = { ...first, ...later };

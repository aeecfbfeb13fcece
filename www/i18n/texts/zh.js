import { first } from './zh/first.js';
import { later } from './zh/later.js';

/** Every text of the page in Chinese. */
export const zh = { ...first, ...later };

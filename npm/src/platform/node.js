/** Node.js, Deno and Bun. */

import { readFile } from 'node:fs/promises';
import { withFiles } from './files.js';

export const { read, codeAt } = withFiles(readFile);

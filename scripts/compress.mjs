// Writes FILE.br and FILE.gz beside the files that are delivered, models aside, for servers that send them in their place.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { delivered, isCompressed, www } from './delivered.mjs';

/** What lists the files, and what only sites that embed the engine load. */
const OTHERS = ['sw.js', 'pkg/precache.js', 'pkg/predict/tepal.js', 'pkg/graphs/tepal.js', 'pkg/train/tepal.js', 'pkg/shares/tepal.js', 'pkg/import/tepal.js'];

const CODINGS = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gz: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

async function write(file, coding) {
  const [source, target] = [`${www}${file}`, `${www}${file}.${coding}`];
  if (existsSync(target) && statSync(target).mtimeMs > statSync(source).mtimeMs) return;
  const bytes = readFileSync(source);
  const compressed = await CODINGS[coding](bytes);
  if (compressed.length < bytes.length) writeFileSync(target, compressed);
  else rmSync(target, { force: true });
}

const files = [...delivered().filter(isCompressed), ...OTHERS];
await Promise.all(files.flatMap((file) => Object.keys(CODINGS).map((coding) => write(file, coding))));

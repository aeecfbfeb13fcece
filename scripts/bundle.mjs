// Bundles what is around the builds: the modules of npm/src, for each platform.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { elementMarkup, elementStyles } from './element.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The way to a build of its own that the glue knows. */
const OWN_WAY = 'new URL("tepal_bg.wasm",import.meta.url)';

/** @param {string} name of a build */
export const code = (name) => readFileSync(`${root}www/pkg/${name}/tepal_bg.wasm`);

/** The module that says where the code of a build lies. */
const LOCATE = {
  web: (name) => `import { codeAt } from 'tepal:platform'; export const locate = codeAt(new URL('./${name}.wasm', import.meta.url));`,
  workerd: (name) => `import code from './${name}.wasm'; export const locate = async () => code;`,
  inline: (name) => `import { codeIn } from 'tepal:platform'; export const locate = codeIn('${zipped(name)}');`,
};
LOCATE.node = LOCATE.web;

const zipped = (name) => gzipSync(code(name), { level: 9, memLevel: 9 }).toString('base64');

/**
 * What stands for the modules that differ between platforms.
 *
 * @param {'web' | 'node' | 'workerd' | 'inline'} platform
 * @param {string} [ownWay] what the glue is to do by itself
 */
export function platformOf(platform, ownWay = 'void 0') {
  return {
    name: 'platform',
    setup(building) {
      building.onResolve({ filter: /^tepal:platform$/ }, () => ({ path: `${root}npm/src/platform/${platform}.js` }));
      building.onResolve({ filter: /^tepal:code\// }, ({ path }) => ({ path: path.slice('tepal:code/'.length), namespace: 'code' }));
      building.onLoad({ filter: /./, namespace: 'code' }, ({ path }) => ({
        contents: LOCATE[platform](path),
        resolveDir: `${root}npm/src`,
      }));
      building.onResolve({ filter: /^tepal:element\./ }, ({ path }) => ({ path, namespace: 'element' }));
      building.onLoad({ filter: /./, namespace: 'element' }, async ({ path }) => ({
        contents: path.endsWith('.html') ? elementMarkup() : await elementStyles(),
        loader: 'text',
      }));
      building.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true }));
      building.onLoad({ filter: /\/pkg\/\w+\/tepal\.js$/ }, ({ path }) => {
        const [before, after, ...more] = readFileSync(path, 'utf8').split(OWN_WAY);
        if (after === undefined || more.length > 0) throw new Error(`${path}: expected ${OWN_WAY} once`);
        return { contents: before + ownWay + after };
      });
    },
  };
}

/** @param {import('esbuild').BuildOptions} options */
export const bundle = (options) =>
  build({ bundle: true, format: 'esm', target: 'es2022', charset: 'utf8', logLevel: 'warning', external: ['node:*', 'react'], ignoreAnnotations: true, ...options });

/** In one file lies one build, which predicts everything. */
export const oneBuild = {
  name: 'one build',
  setup: (building) =>
    building.onResolve({ filter: /\/engines\/predict\.js$/ }, () => ({ path: `${root}npm/src/engines/graphs.js` })),
};

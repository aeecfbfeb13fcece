// Bundles what is around the builds: the modules of npm/src, for each platform.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
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
  web: (name) => `import { codeAt } from 'tepal:platform'; export const locate = codeAt(() => new URL('./${name}.wasm', import.meta.url));`,
  workerd: (name) => `import code from './${name}.wasm'; export const locate = async () => code;`,
  inline: (name) => `import { codeIn } from 'tepal:platform'; export const locate = codeIn('${zipped(name)}');`,
};
LOCATE.node = LOCATE.web;

const zipped = (name) => gzipSync(code(name), { level: 9, memLevel: 9 }).toString('base64');

/**
 * @param {string} name of a build
 * @param {string} ownWay what the glue is to do by itself
 */
function glue(name, ownWay) {
  const [before, after, ...more] = readFileSync(`${root}www/pkg/${name}/tepal.js`, 'utf8').split(OWN_WAY);
  if (after === undefined || more.length > 0) throw new Error(`${name}: expected ${OWN_WAY} once`);
  return before + ownWay + after;
}

/**
 * The glue as a function that makes one: it has one engine, and an engine that crashed needs another.
 *
 * @param {string} text a module that exports in its last statement only
 */
function newBuild(text) {
  const [, body, names] = /^([^]*)export\{([^}]*)\};?\s*$/.exec(text) ?? [];
  if (!names || /\b(?:import|export)\b[\s{*]/.test(body)) throw new Error('expected a glue that exports in its last statement only');
  const fields = names.split(',').map((pair) => pair.split(' as ')).map(([own, name = own]) => `${name}: ${own}`);
  return `export const newBuild = () => {\n${body}\nreturn { ${fields.join(', ')} };\n};\n`;
}

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
      building.onResolve({ filter: /^tepal:glue\// }, ({ path }) => ({ path: path.slice('tepal:glue/'.length), namespace: 'glue' }));
      building.onLoad({ filter: /./, namespace: 'glue' }, ({ path }) => ({ contents: newBuild(glue(path, 'void 0')) }));
      building.onResolve({ filter: /^tepal:element\./ }, ({ path }) => ({ path, namespace: 'element' }));
      building.onLoad({ filter: /./, namespace: 'element' }, async ({ path }) => ({
        contents: path.endsWith('.html') ? elementMarkup() : await elementStyles(),
        loader: 'text',
      }));
      building.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true }));
      building.onLoad({ filter: /\/pkg\/\w+\/tepal\.js$/ }, ({ path }) => ({ contents: glue(basename(dirname(path)), ownWay) }));
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

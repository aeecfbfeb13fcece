// Writes www/pkg/embed.html: <tepal-predictor> in one file, for frames on other pages, with %MODEL% where the base64 of a model
// file goes.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PLACE } from '../www/page/single-page.js';
import { bundle, oneBuild, platformOf } from './bundle.mjs';
import { wordsOfCases } from './words.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

const { outputFiles } = await bundle({
  entryPoints: [`${root}npm/src/embed.js`],
  write: false,
  minify: true,
  plugins: [oneBuild, platformOf('inline'), wordsOfCases],
});
// A script ends where its text says so.
const script = outputFiles[0].text.trim().replaceAll('</script', '<\\/script');
const style = 'body { margin: 0 }';
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = `default-src 'none'; script-src ${hash(script)} 'wasm-unsafe-eval'; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;

writeFileSync(
  `${root}www/pkg/embed.html`,
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>tepal</title>
<style>${style}</style>
</head>
<body>
<tepal-predictor></tepal-predictor>
<script type="text/plain" id="model">${PLACE}</script>
<script type="module">${script}</script>
</body>
</html>
`,
);

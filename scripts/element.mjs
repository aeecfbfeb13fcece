// The markup and the styles of <tepal-predictor>: those of the page's form, in a place of their own.
import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { compose, inOneLine } from './markup.mjs';
import { SHEETS } from './sheets.mjs';

const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** An element has no address. */
export function elementMarkup() {
  const form = compose('predict.html', ['share-row.html']);
  return inOneLine(read('npm/src/element/element.html').replace('<!-- predict -->', () => form));
}

const DARK = '@media (prefers-color-scheme: dark) {';
const PRINT = '@media print {';

/** The page's sheets, where the element is the root, its own width decides, and its surroundings may set colours. */
export async function elementStyles() {
  const page = SHEETS.map((sheet) => read(`www/${sheet}`)).join('')
    .replaceAll(/:root \{[^}]*\}/g, (block) => block.replaceAll(/--([\w-]+): ([^;]+);/g, '--$1: var(--tepal-$1, $2);'))
    .replaceAll(':root', ':host')
    .replaceAll(/@media (?:screen and )?(\((?:min|max)-width: [\d.]+rem\))/g, '@container $1');
  const { code } = await transform(themed(page) + read('npm/src/element/element.css'), { loader: 'css', minify: true, target: 'es2022' });
  return code.trim();
}

/** A theme that is asked for goes before that of the browser. */
function themed(styles) {
  const [before, after] = styles.split(DARK);
  const [dark] = /:host \{[^}]*\}/.exec(after);
  const rest = after.slice(after.indexOf(dark) + dark.length);
  const unless = dark.replace(':host', ":host(:not([theme='light']))");
  const asked = dark.replace(':host {', ":host([theme='dark']) {\n    color-scheme: dark;");
  const [screen, paper] = rest.split(PRINT);
  return [
    `${before}:host([theme='light']) { color-scheme: light; }\n${asked}\n${DARK}\n  ${unless}${screen}`,
    // Paper is white, whatever was asked for.
    PRINT + paper.replace(':host {', ':host, :host([theme]) {'),
  ].join('');
}

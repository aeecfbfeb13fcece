/** <tepal-predictor> on plain pages, in Chromium. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { withModel } from '../../www/page/single-page.js';
import { addPage, entryOf, launch, newFolder, remove, root, ROW, serve } from './trial.js';

let folder = '';
let site = '';
/** @type {import('@playwright/test').Browser} */
let browser;
/** @type {{url: string, close: () => void}} */
let server;
/** @type {any} */
let expected;
/** Of the same flower with a longer petal. @type {any} */
let longer;
/** @type {string} */
let digest;

/** The strictest policy under which an engine runs. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; require-trusted-types-for 'script'; trusted-types tepal";

before(async () => {
  folder = newFolder();
  site = join(folder, 'site');
  await addPage(folder, site, '');
  cpSync(join(folder, 'node_modules/tepal/dist'), join(site, 'tepal'), { recursive: true });
  cpSync(`${root}tests/models/v1-iris.tepal`, join(site, 'old.tepal'));
  const hostile = readFileSync(`${root}www/models/iris.tepal`);
  hostile.fill(0xff, 40, 80);
  writeFileSync(join(site, 'hostile.tepal'), hostile);
  writeFileSync(join(site, 'foreign.tepal'), readFileSync(`${root}tests/interop/xgboost/3.2.0/logistic.json`));
  writeFileSync(join(site, 'empty.tepal'), '');
  const model = await (await entryOf(folder)).open(`${root}www/models/iris.tepal`);
  [expected, longer, digest] = [model.predict(ROW), model.predict({ ...ROW, 'petal length (cm)': 5.5 }), model.describe().digest];
  browser = await launch();
  server = await serve(site, { headers: { 'content-security-policy': POLICY } });
});

after(async () => {
  await browser?.close();
  server?.close();
  remove(folder);
});

/**
 * @param {string} body
 * @param {{script?: string, width?: number, scheme?: 'light' | 'dark' | null, forced?: 'active', attributes?: string}} [options]
 */
async function opened(body, { script = 'element.js', width = 1000, scheme = 'light', forced, attributes = 'lang="en"' } = {}) {
  writeFileSync(
    join(site, 'index.html'),
    `<!doctype html><html ${attributes}><title>A page</title><link rel="icon" href="data:,">
    <main><h1>A page</h1>${body}</main><script type="module" src="tepal/${script}"></script></html>`,
  );
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, forcedColors: forced, bypassCSP: false });
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(() => {
    const all = /** @type {any[]} */ ([]);
    Object.assign(globalThis, { said: all });
    for (const type of ['tepal-load', 'tepal-change', 'tepal-error']) {
      addEventListener(type, (event) => {
        const { target, detail } = /** @type {CustomEvent} */ (event);
        all.push({ type, id: /** @type {Element} */ (target).id, kind: detail.kind, message: detail.message, values: detail.values, prediction: detail.prediction });
      });
    }
  });
  await page.goto(server.url);
  return {
    page, errors,
    /** @param {string} type @param {string} [id] @param {number} [count] */
    heard: async (type, id = '', count = 1) => {
      await page.waitForFunction(
        ([type, id, count]) => /** @type {any} */ (globalThis).said.filter((/** @type {any} */ one) => one.type === type && one.id === id).length >= count,
        /** @type {const} */ ([type, id, count]), { timeout: 15_000 },
      );
      return page.evaluate(([type, id]) => /** @type {any} */ (globalThis).said.filter((/** @type {any} */ one) => one.type === type && one.id === id).at(-1), [type, id]);
    },
    close: async () => {
      await context.close();
      assert.deepEqual(errors, []);
    },
  };
}

const VALUES = `values='${JSON.stringify(ROW)}'`;

for (const script of ['element.js', 'tepal-element.js']) {
  test(`a page with one tag and ${script} predicts, under the strictest policy`, async () => {
    const { page, heard, close } = await opened(`<tepal-predictor src="iris.tepal" ${VALUES}></tepal-predictor>`, { script });
    const { prediction, values } = await heard('tepal-change');
    assert.deepEqual([prediction, values], [expected, ROW]);
    await page.getByLabel('petal length (cm)', { exact: true }).fill('5,5');
    assert.notDeepEqual(longer, expected);
    assert.deepEqual((await heard('tepal-change', '', 2)).prediction, longer);
    assert.equal(await page.locator('tepal-predictor .answer-value').textContent(), longer.prediction);
    await close();
  });
}

for (const [name, options] of Object.entries({
  light: {}, dark: { scheme: /** @type {const} */ ('dark') }, 'forced colours': { forced: /** @type {const} */ ('active') }, 'at 320 pixels': { width: 320 },
})) {
  test(`axe finds nothing: ${name}`, async () => {
    const { page, heard, close } = await opened('<tepal-predictor src="iris.tepal"></tepal-predictor>', options);
    await heard('tepal-change');
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(' '))]), []);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= (options.width ?? 1000), `${width} pixels wide`);
    await close();
  });
}

test('nothing of the page changes', async () => {
  const style = () => JSON.stringify([document.head.innerHTML, document.styleSheets.length, document.adoptedStyleSheets.length, document.documentElement.lang, getComputedStyle(document.querySelector('h1') ?? document.body).cssText]);
  const { page, heard, close } = await opened('<tepal-predictor></tepal-predictor>');
  const before = await page.evaluate(style);
  await page.evaluate(() => document.querySelector('tepal-predictor')?.setAttribute('src', 'iris.tepal'));
  await heard('tepal-change');
  assert.equal(await page.evaluate(style), before);
  assert.equal(page.url(), server.url);
  await close();
});

test('properties that were set before the element was defined count', async () => {
  const { page, heard, close } = await opened('<div></div>', { script: 'index.js' });
  await page.evaluate(async (row) => {
    const early = /** @type {any} */ (document.createElement('tepal-predictor'));
    early.model = fetch('iris.tepal');
    early.values = row;
    document.querySelector('div')?.append(early);
    // @ts-expect-error a module of the page
    await import('./tepal/element.js');
  }, ROW);
  assert.deepEqual((await heard('tepal-change')).prediction, expected);
  await close();
});

test('a form sends the prediction, resets it, and waits for one that is required', async () => {
  const { page, heard, close } = await opened(
    `<form><label for="one">Iris</label><tepal-predictor id="one" name="species" required src="iris.tepal" ${VALUES}></tepal-predictor></form>`,
  );
  const sent = () => Object.fromEntries(new FormData(document.querySelector('form') ?? undefined));
  await heard('tepal-change', 'one');
  assert.deepEqual(await page.evaluate(sent), { species: 'setosa' });
  const box = page.getByLabel('petal length (cm)', { exact: true });
  await box.fill('many');
  const validity = () => {
    const one = /** @type {any} */ (document.querySelector('#one'));
    return [one.checkValidity(), one.validity.badInput, one.validity.valueMissing, one.validationMessage !== '', one.values, one.prediction];
  };
  await page.waitForFunction(() => !(/** @type {any} */ (document.querySelector('#one'))).checkValidity());
  assert.deepEqual(await page.evaluate(validity), [false, true, true, true, null, null]);
  assert.deepEqual(await page.evaluate(sent), {});
  await page.evaluate(() => document.querySelector('form')?.reset());
  await heard('tepal-change', 'one', 2);
  assert.deepEqual(await page.evaluate(sent), { species: 'versicolor' });
  await page.evaluate(() => /** @type {any} */ (document.querySelector('#one')).disabled = true);
  assert.deepEqual(await page.evaluate(sent), {});
  assert.equal(await box.evaluate((it) => it.closest('form')?.inert), true);
  assert.ok(await box.isVisible());
  // Values and the sending of them in one turn.
  const atOnce = await page.evaluate((row) => {
    const one = /** @type {any} */ (document.querySelector('#one'));
    one.disabled = false;
    one.values = row;
    return [one.prediction.prediction, ...new FormData(document.querySelector('form') ?? undefined).values()];
  }, ROW);
  assert.deepEqual(atOnce, ['setosa', 'setosa']);
  await close();
});

test('a model that cannot be opened is said in its place, with its kind', async () => {
  const files = { none: 'unavailable', old: 'old_version', hostile: 'invalid_model', foreign: 'not_a_model', empty: 'not_a_model' };
  const { page, heard, close } = await opened(
    Object.keys(files).map((file) => `<tepal-predictor id="${file}" src="${file}.tepal"></tepal-predictor>`).join('') +
      `<tepal-predictor id="other" src="iris.tepal" integrity="${digest.replaceAll(/[0-9]/g, '0')}"></tepal-predictor>
      <tepal-predictor id="same" src="iris.tepal" integrity="${digest}"></tepal-predictor>`,
  );
  for (const [file, kind] of Object.entries({ ...files, other: 'invalid_request' })) {
    const { kind: found, message } = await heard('tepal-error', file);
    assert.equal(found, kind, message);
    const alert = page.locator(`#${file} [role=alert]`);
    assert.equal((await alert.textContent())?.toLowerCase(), message.toLowerCase());
    assert.ok(await alert.isVisible());
  }
  await heard('tepal-load', 'same');
  // A better address mends it.
  await page.evaluate(() => document.querySelector('#none')?.setAttribute('src', 'iris.tepal'));
  await heard('tepal-change', 'none');
  assert.ok(await page.locator('#none [role=alert]').isHidden());
  await close();
});

test('values that the model does not take are told, and typical ones stand there', async () => {
  const { page, heard, close } = await opened('<tepal-predictor id="one" src="iris.tepal"></tepal-predictor>');
  const [first] = Object.keys(ROW);
  await heard('tepal-change', 'one');
  let count = 0;
  for (const values of [{ [first]: 'x' }, { [first]: Number.NaN }, { [first]: {} }, { none: 1 }, { [first]: null }]) {
    await page.evaluate((given) => Object.assign(document.querySelector('#one') ?? {}, { values: given }), values);
    count += 1;
    const { kind, message } = await heard('tepal-error', 'one', count);
    assert.deepEqual([kind, message.slice(0, 8)], ['invalid_request', 'values: ']);
  }
  for (const text of ['', '[]', 'null', '{', '5']) {
    await page.evaluate((given) => document.querySelector('#one')?.setAttribute('values', given), text);
    count += 1;
    assert.match((await heard('tepal-error', 'one', count)).message, /no JSON object/);
  }
  assert.equal(await page.locator('#one .answer-value').textContent(), 'versicolor');
  await close();
});

test('two hundred elements, of which some change and go while they load', async () => {
  const { page, heard, close } = await opened('<div></div>');
  await page.evaluate(() => {
    const place = document.querySelector('div');
    for (let i = 0; i < 200; i += 1) {
      const one = document.createElement('tepal-predictor');
      one.id = `n${i}`;
      one.setAttribute('src', i % 3 ? 'iris.tepal' : 'none.tepal');
      place?.append(one);
      if (i % 3 === 0) setTimeout(() => one.setAttribute('src', 'graph.tepal'), i % 7);
      if (i % 5 === 0) setTimeout(() => one.remove(), i % 11);
      // Moved while it loads.
      if (i % 5 === 1) setTimeout(() => place?.append(one), i % 11);
    }
  });
  await page.waitForFunction(() => [...document.querySelectorAll('tepal-predictor')].every((one) => /** @type {any} */ (one).prediction), undefined, { timeout: 30_000 });
  assert.equal(await page.locator('tepal-predictor').count(), 160);
  const { kind } = await heard('tepal-load', 'n3');
  assert.equal(kind, undefined);
  await close();
});

test('an element that goes and comes back has its values again, and one that is not looked at does not load', async () => {
  const { page, heard, close } = await opened(
    `<tepal-predictor id="one" src="iris.tepal" ${VALUES}></tepal-predictor><p style="height: 3000px"></p><tepal-predictor id="late" loading="lazy" src="iris.tepal"></tepal-predictor>`,
  );
  await heard('tepal-change', 'one');
  await page.evaluate(() => document.querySelector('#late')?.scrollIntoView());
  await heard('tepal-change', 'late');
  await page.evaluate(async () => {
    const one = /** @type {Element} */ (document.querySelector('#one'));
    one.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.querySelector('main')?.append(one);
  });
  assert.deepEqual((await heard('tepal-change', 'one', 2)).values, ROW);
  await close();
});

test('it speaks the language of its surroundings, and changes it', async () => {
  const { page, heard, close } = await opened('<tepal-predictor src="iris.tepal"></tepal-predictor>', { attributes: 'lang="zh-Hans"' });
  await heard('tepal-change');
  const title = page.locator('tepal-predictor .predict-title');
  assert.match((await title.textContent()) ?? '', /预测/);
  await page.evaluate(() => document.querySelector('tepal-predictor')?.setAttribute('lang', 'en'));
  await page.waitForFunction(() => /Predict/.test(document.querySelector('tepal-predictor')?.shadowRoot?.querySelector('.predict-title')?.textContent ?? ''));
  await close();
});

test('values that come back from an event change nothing, even behind what is typed', async () => {
  const { page, heard, close } = await opened('<tepal-predictor id="one" src="iris.tepal"></tepal-predictor>');
  await page.evaluate(() => {
    const one = /** @type {any} */ (document.querySelector('#one'));
    one.addEventListener('tepal-change', (/** @type {any} */ { detail }) => {
      one.values = detail.values;
      // As frameworks do it, somewhat later.
      setTimeout(() => (one.values = detail.values), 15);
    });
  });
  await heard('tepal-change', 'one');
  const box = page.getByLabel('petal length (cm)', { exact: true });
  for (const typed of ['-0.5', '6.50', '1e5']) {
    await box.fill('');
    await box.pressSequentially(typed, { delay: 20 });
    await page.waitForTimeout(100);
    assert.equal(await box.inputValue(), typed);
  }
  assert.ok((await page.evaluate(() => /** @type {any} */ (globalThis).said.length)) < 30);
  await close();
});

test('an element that was removed is let go, and a model of any kind is taken', async () => {
  const { page, heard, close } = await opened('<div></div>');
  const client = await page.context().newCDPSession(page);
  await page.evaluate(async () => {
    // @ts-expect-error a module of the page
    const { open } = await import('./tepal/element.js');
    const kept = /** @type {any} */ (document.createElement('tepal-predictor'));
    Object.assign(kept, { id: 'kept', model: open('./iris.tepal') });
    document.querySelector('div')?.append(kept);
    const gone = /** @type {any} */ (globalThis).gone = /** @type {WeakRef<Element>[]} */ ([]);
    for (let i = 0; i < 50; i += 1) {
      const one = document.createElement('tepal-predictor');
      document.body.append(one);
      one.remove();
      gone.push(new WeakRef(one));
    }
  });
  await heard('tepal-change', 'kept');
  for (let tries = 0; tries < 5; tries += 1) await client.send('HeapProfiler.collectGarbage');
  const left = await page.evaluate(() => /** @type {any} */ (globalThis).gone.filter((/** @type {any} */ one) => one.deref()).length);
  assert.ok(left <= 2, `${left} of 50 are left`);
  await close();
});

test('another model gets the values that were given', async () => {
  const { page, heard, close } = await opened(`<tepal-predictor id="one" src="iris.tepal" ${VALUES}></tepal-predictor>`);
  await heard('tepal-change', 'one');
  await page.evaluate(() => document.querySelector('#one')?.setAttribute('src', 'iris.tepal?again'));
  assert.deepEqual((await heard('tepal-change', 'one', 2)).values, ROW);
  await close();
});

test('it has a width where its content decides', async () => {
  const styles = { 'display: inline-block': 350, 'float: left': 350, 'display: block': 900 };
  const places = Object.keys(styles).map((style, i) => `<tepal-predictor id="w${i}" src="iris.tepal" class="w${i}"></tepal-predictor>`);
  writeFileSync(join(site, 'widths.css'), `${Object.keys(styles).map((style, i) => `.w${i} { ${style} }`).join('\n')}\n.row { display: flex; clear: both }\n.narrow { width: 280px }\n`);
  const { page, heard, close } = await opened(
    `<link rel="stylesheet" href="widths.css">${places.join('')}<div class="row"><tepal-predictor id="flex" src="iris.tepal"></tepal-predictor></div>
    <div class="row narrow"><tepal-predictor id="narrow" src="iris.tepal"></tepal-predictor></div>`,
  );
  await heard('tepal-change', 'narrow');
  const width = (/** @type {string} */ id) => page.locator(`#${id}`).evaluate((it) => it.getBoundingClientRect().width);
  for (const [i, least] of Object.values(styles).entries()) assert.ok((await width(`w${i}`)) >= least, String(i));
  assert.ok((await width('flex')) >= 350 && (await width('narrow')) === 280);
  await close();
});

test('paper is white, and a part that is not known is told', async () => {
  const { page, heard, close } = await opened('<tepal-predictor id="one" theme="dark" show="form answr" src="iris.tepal"></tepal-predictor>');
  assert.match((await heard('tepal-error', 'one')).message, /show: there is no part "answr"; expected some of form /);
  await heard('tepal-change', 'one');
  const ground = () => page.locator('#one .panel').evaluate((it) => getComputedStyle(it).backgroundColor);
  assert.equal(await ground(), 'rgb(31, 29, 40)');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await ground(), 'rgb(255, 255, 255)');
  await close();
});

test('what a page says of every element ends at it', async () => {
  writeFileSync(join(site, 'reset.css'), '* { color: rgb(255, 0, 0); line-height: 3; letter-spacing: 1em; font-family: monospace }\n');
  const { page, heard, close } = await opened(
    '<link rel="stylesheet" href="reset.css"><div dir="rtl"><tepal-predictor src="iris.tepal"></tepal-predictor></div>',
  );
  await heard('tepal-change');
  const styles = await page.locator('tepal-predictor .answer-value').evaluate((it) => {
    const { color, letterSpacing, direction, fontFamily } = getComputedStyle(it);
    return [color, letterSpacing, direction, fontFamily];
  });
  assert.deepEqual(styles, ['rgb(29, 27, 38)', 'normal', 'ltr', 'system-ui, sans-serif']);
  await close();
});

test('only what is asked for is shown, and slots and parts have their places', async () => {
  const { page, heard, close } = await opened(
    `<tepal-predictor src="iris.tepal" show="form answer"><h3 slot="title">Which iris?</h3><button slot="actions">Next</button></tepal-predictor>`,
  );
  await heard('tepal-change');
  assert.ok(await page.getByRole('heading', { name: 'Which iris?' }).isVisible());
  assert.ok(await page.getByRole('button', { name: 'Next' }).isVisible());
  for (const part of ['probabilities', 'contributions', 'comparison', 'examples']) assert.ok(await page.locator(`tepal-predictor [part=${part}]`).isHidden(), part);
  for (const part of ['form', 'value']) assert.ok(await page.locator(`tepal-predictor [part=${part}]`).isVisible(), part);
  await close();
});

test('a page for a frame predicts, and tells its height', async () => {
  const empty = readFileSync(`${root}www/pkg/embed.html`, 'utf8');
  writeFileSync(join(site, 'framed.html'), withModel(empty, readFileSync(`${root}www/models/iris.tepal`)));
  // Policies of a page and of what it frames are two.
  const plain = await serve(site);
  writeFileSync(
    join(site, 'frames.html'),
    `<!doctype html><html lang="en"><title></title><link rel="icon" href="data:,"><iframe title="Iris" style="width: 100%; border: 0" src="framed.html"></iframe>
    <script>
      addEventListener('message', ({ data, source }) => {
        const frame = document.querySelector('iframe');
        if (source === frame.contentWindow && data.type === 'tepal-height') frame.style.height = data.height + 'px';
      });
    </script></html>`,
  );
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  /** @type {string[]} */
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  try {
    await page.goto(`${plain.url}frames.html`);
    const inside = page.frameLocator('iframe');
    await inside.getByText('versicolor').first().waitFor();
    const heights = () => {
      const frame = document.querySelector('iframe');
      const { body, scrollingElement } = /** @type {Document} */ (frame?.contentDocument);
      return [frame?.clientHeight, Math.ceil(body.getBoundingClientRect().height), scrollingElement?.scrollHeight];
    };
    const isFitted = async () => {
      const [frame, body, whole] = await page.evaluate(heights);
      return frame === body && whole === body && body > 300;
    };
    for (let tries = 0; tries < 50 && !(await isFitted()); tries += 1) await page.waitForTimeout(50);
    const wide = await page.evaluate(heights);
    assert.ok(await isFitted(), wide.join(' '));
    await page.setViewportSize({ width: 350, height: 600 });
    for (let tries = 0; tries < 50 && (await page.evaluate(heights))[0] === wide[0]; tries += 1) await page.waitForTimeout(50);
    assert.ok((await isFitted()) && (await page.evaluate(heights))[0] !== wide[0]);
    // By itself, from a disk.
    await page.goto(`file://${join(site, 'framed.html')}`);
    await page.getByText('versicolor').first().waitFor();
    assert.equal(await page.title(), 'iris');
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
    plain.close();
  }
});

test('a server that draws pages may import it', () => {
  const text = "const { TepalPredictor } = await import('tepal/element');\nconsole.log(typeof TepalPredictor);\n";
  writeFileSync(join(folder, 'ssr.mjs'), text);
  assert.equal(execFileSync(process.execPath, ['ssr.mjs'], { cwd: folder, encoding: 'utf8' }), 'function\n');
});

/** The package under Deno, Bun and Next.js. Their programs are large, so this is run before a release. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { addPage, answerOf, entryOf, launch, newFolder, remove, root, ROW } from '../trial.js';

const here = fileURLToPath(new URL('./', import.meta.url));
const program = (/** @type {string} */ name) => join(here, 'node_modules/.bin', name);

let folder = '';
/** @type {any} */
let expected;

before(async () => {
  folder = newFolder();
  const { open } = await entryOf(folder);
  expected = (await open(`${root}www/models/iris.tepal`)).predict(ROW);
  writeFileSync(
    join(folder, 'program.mjs'),
    `import { open } from 'tepal';
    import { train } from 'tepal/train';
    import * as inline from 'tepal/inline';
    const [model, other] = [await open('iris.tepal'), await inline.open('iris.tepal')];
    const row = ${JSON.stringify(ROW)};
    await train({ x: [1, 2, 3, 4], y: [1, 2, 3, 5] }, { target: 'y' });
    console.log(JSON.stringify([model.predict(row), other.predict(row)]));`,
  );
  cpSync(`${root}www/models/iris.tepal`, join(folder, 'iris.tepal'));
});

after(() => remove(folder));

for (const [name, words] of Object.entries({ deno: ['run', '--allow-read'], bun: ['run'] })) {
  test(`${name} imports the package`, () => {
    const printed = execFileSync(program(name), [...words, 'program.mjs'], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual(JSON.parse(printed), [expected, expected]);
  });
}

test('Next.js predicts in a page, and in what its server answers', async () => {
  const app = join(folder, 'next');
  for (const part of ['app/api', 'public', 'node_modules']) mkdirSync(join(app, part), { recursive: true });
  for (const name of ['next', 'react', 'react-dom']) symlinkSync(join(here, 'node_modules', name), join(app, 'node_modules', name));
  cpSync(join(folder, 'node_modules/tepal'), join(app, 'node_modules/tepal'), { recursive: true });
  await addPage(folder, join(app, 'public'), '');
  writeFileSync(join(app, 'package.json'), '{"private": true, "dependencies": {"next": "*", "tepal": "*"}}\n');
  writeFileSync(join(app, 'next.config.mjs'), `export default { turbopack: { root: '/' } };\n`);
  writeFileSync(join(app, 'app/layout.jsx'), 'export default ({ children }) => <html><body>{children}</body></html>;\n');
  writeFileSync(
    join(app, 'app/page.jsx'),
    `'use client';
    import { useEffect } from 'react';
    import { open } from 'tepal';
    export default function Page() {
      useEffect(() => {
        open('/iris.tepal').then((model) => { document.title = JSON.stringify(model.predict(${JSON.stringify(ROW)})); });
      }, []);
      return <p>iris</p>;
    }\n`,
  );
  writeFileSync(
    join(app, 'app/api/route.js'),
    `import { open } from 'tepal';
    export async function POST(request) {
      const model = await open('public/iris.tepal');
      return Response.json(model.predict(await request.json()));
    }\n`,
  );
  const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  execFileSync(program('next'), ['build'], { cwd: app, env: environment, stdio: 'pipe' });
  const server = spawn(program('next'), ['start', '--hostname', '127.0.0.1', '--port', '4787'], { cwd: app, env: environment });
  const browser = await launch();
  try {
    const url = 'http://127.0.0.1:4787';
    await new Promise((resolve) => server.stdout.on('data', (text) => /Ready/.test(text) && resolve(undefined)));
    assert.deepEqual(await answerOf(browser, url), expected);
    const answer = await fetch(`${url}/api`, { method: 'POST', body: JSON.stringify(ROW) });
    assert.deepEqual(await answer.json(), expected);
  } finally {
    await browser.close();
    server.kill();
  }
});

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const port = Number(process.env.E2E_PORT ?? 8437);
const executablePath =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync) ??
  execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();

const MEASURED = ['large.spec.js', 'page.spec.js', 'rows.spec.js', 'train.spec.js'];

export default defineConfig({
  testDir: '.',
  outputDir: `${root}test-results`,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  projects: [
    { name: 'side by side', testIgnore: MEASURED, timeout: 60_000 },
    // One after the other, when all else is done: they measure how soon a stop is heard, and how long tasks are.
    { name: 'measured', testMatch: MEASURED, workers: 1, dependencies: ['side by side'] },
  ],
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    launchOptions: {
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  webServer: {
    command: `target/debug/tepal-server --model www/models/iris.tepal --www www --port ${port}`,
    cwd: root,
    url: `http://127.0.0.1:${port}/healthz`,
    reuseExistingServer: false,
    stdout: 'ignore',
  },
});

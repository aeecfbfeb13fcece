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

export default defineConfig({
  testDir: '.',
  outputDir: `${root}test-results`,
  forbidOnly: Boolean(process.env.CI),
  // One after the other: some tests measure how soon a stop is heard.
  workers: 1,
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    launchOptions: {
      executablePath,
      args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
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

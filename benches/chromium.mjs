// Headless Chromium, and what pages ask in it.
import { chromium } from '@playwright/test';
import { existsSync } from 'node:fs';

export const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
// Nothing of its own may run beside what is timed.
const args = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = () => chromium.launch({ executablePath, args });

/** Runs in the page. A worker of its own for each question: no table's compiled code or memory serves the next. */
export function askWorker({ worker: url, message }) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { type: 'module' });
    worker.onerror = (event) => reject(new Error(event.message ?? 'the worker did not start'));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data.error) reject(new Error(data.error));
      else resolve(data);
    };
    worker.postMessage(message);
  });
}

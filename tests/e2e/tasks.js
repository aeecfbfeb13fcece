/**
 * Watches the page's thread from now on.
 *
 * @returns a function that ends this, and says how long each long task worked, in milliseconds: by the clock a task also
 * takes the time in which others had the processor, such as what compiles the engine beside it
 */
export async function watchTasks(page) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  const begin = await page.evaluate(() => {
    window.longTasks = [];
    const observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration });
    });
    observer.observe({ type: 'longtask' });
    return performance.mark('watched').startTime;
  });
  return async () => {
    const tasks = await page.evaluate(() => window.longTasks);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
    const mark = traceEvents.find(({ name }) => name === 'watched');
    const ofThread = traceEvents.filter(({ pid, tid, tdur }) => pid === mark.pid && tid === mark.tid && tdur !== undefined);
    return tasks.map(({ startTime, duration }) => {
      const [start, length] = [mark.ts + (startTime - begin) * 1000, duration * 1000];
      const isIt = ({ ts, dur }) => Math.abs(ts - start) < TOLERANCE && Math.abs(dur - length) < TOLERANCE;
      const worked = Math.max(...ofThread.filter(isIt).map(({ tdur }) => tdur / 1000));
      // Of a task that the trace does not have, all counts.
      return Number.isFinite(worked) ? worked : duration;
    });
  };
}

/** The browser tells a page whole milliseconds; in microseconds. */
const TOLERANCE = 3000;

import type { Page } from 'playwright-core';

/** What a page has drawn in a time. Units: milliseconds. */
export interface Pictures {
  /** From one frame of the browser to the next, from the shortest on. */
  framesMs: number[];
  /** Tasks of the page that took 50 ms or longer. */
  longTasksMs: number[];
  /** How often the rows were changed. */
  redrawn: number;
  /** How many rows there were at most. */
  mostRows: number;
  /** How many nodes and attributes of the list were changed for one picture, at most. */
  mostChanges: number;
  /** What the page's main thread has worked. */
  cpuMs: number;
}

/** Watches how a page draws its list, until the result is called. */
export async function watchPictures(page: Page): Promise<() => Promise<Pictures>> {
  const devtools = await page.context().newCDPSession(page);
  // The time that the thread has run, not the time on the wall: others may use the processor.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuMs = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  await page.evaluate(watch);
  const before = await cpuMs();
  return async () => {
    const after = await cpuMs();
    const seen = await page.evaluate<Omit<Pictures, 'cpuMs'>>(() =>
      Reflect.get(globalThis, 'pictures')(),
    );
    await devtools.detach();
    return { ...seen, cpuMs: after - before };
  };
}

/** Runs in the page, and leaves there how to get what was seen. */
function watch(): void {
  // biome-ignore lint/suspicious/noExplicitAny: what browsers have and Node's types do not
  const browser = globalThis as any;
  const { document, requestAnimationFrame, MutationObserver, PerformanceObserver } = browser;
  const framesMs: number[] = [];
  const longTasksMs: number[] = [];
  let [redrawn, mostRows, mostChanges, lastMs] = [0, 0, 0, performance.now()];
  const onFrame = (nowMs: number) => {
    framesMs.push(nowMs - lastMs);
    lastMs = nowMs;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame((nowMs: number) => {
    lastMs = nowMs;
    requestAnimationFrame(onFrame);
  });
  new PerformanceObserver((list: { getEntries(): { duration: number }[] }) => {
    longTasksMs.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask' });
  const changes = new MutationObserver((records: unknown[]) => {
    redrawn += 1;
    mostChanges = Math.max(mostChanges, records.length);
    mostRows = Math.max(mostRows, document.querySelectorAll('.view .row').length);
  });
  const frame = document.querySelector('.view .frame');
  changes.observe(frame, { subtree: true, childList: true, attributes: true, characterData: true });
  Reflect.set(globalThis, 'pictures', () => ({
    ...{ redrawn, mostRows, mostChanges, longTasksMs },
    framesMs: framesMs.sort((one, other) => one - other),
  }));
}

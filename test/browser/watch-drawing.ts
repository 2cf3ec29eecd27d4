import type { Page } from 'playwright-core';

/** What a page has drawn. Units: milliseconds. */
export interface DrawingReport {
  /** Durations of frames, shortest first. */
  framesMs: number[];
  /** Tasks of the page that took 50 ms or longer. */
  longTasksMs: number[];
  /** Number of times the rows changed. */
  redrawn: number;
  /** Maximum number of rows. */
  maxRows: number;
  /** Maximum number of nodes and attributes of the list changed for one frame. */
  maxChanges: number;
  /** CPU time of the page's main thread. */
  cpuMs: number;
}

/** Watches how a page draws its list, until the returned function is called. */
export async function watchDrawing(page: Page): Promise<() => Promise<DrawingReport>> {
  const devtools = await page.context().newCDPSession(page);
  // CPU time, not wall-clock time, since other processes use the processor.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuMs = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  await page.evaluate(watch);
  const before = await cpuMs();
  return async () => {
    const after = await cpuMs();
    const seen = await page.evaluate<Omit<DrawingReport, 'cpuMs'>>(() =>
      Reflect.get(globalThis, 'pictures')(),
    );
    await devtools.detach();
    return { ...seen, cpuMs: after - before };
  };
}

/** Runs in the page, and stores a function there that returns the observations. */
function watch(): void {
  // biome-ignore lint/suspicious/noExplicitAny: what browsers have and Node's types do not
  const browser = globalThis as any;
  const { document, requestAnimationFrame, MutationObserver, PerformanceObserver } = browser;
  const framesMs: number[] = [];
  const longTasksMs: number[] = [];
  let [redrawn, maxRows, maxChanges, lastMs] = [0, 0, 0, performance.now()];
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
    maxChanges = Math.max(maxChanges, records.length);
    maxRows = Math.max(maxRows, document.querySelectorAll('.view .row').length);
  });
  const frame = document.querySelector('.view .frame');
  changes.observe(frame, { subtree: true, childList: true, attributes: true, characterData: true });
  Reflect.set(globalThis, 'pictures', () => ({
    ...{ redrawn, maxRows, maxChanges, longTasksMs },
    framesMs: framesMs.sort((one, other) => one - other),
  }));
}

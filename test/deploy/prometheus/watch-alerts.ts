import { scrapeSamples } from '../../utils/scrape.ts';
import { alertRules } from './alert-rules.ts';
import { durationMs, evaluate } from './evaluate.ts';
import type { Element } from './functions.ts';
import { createTimeSeries, labelsKey } from './time-series.ts';

/** As in deploy/prometheus/scrape.yml; rules are evaluated as often. */
const INTERVAL_MS = 15_000;

/** A Prometheus in small, whose clock goes on only when it is told to. */
export interface AlertWatch {
  /**
   * Lets so much time pass for Prometheus, with a scrape and a look at the rules every 15 s of it.
   * For the servers hardly any time passes: what they say is what they are.
   */
  pass(duration: string, beforeEach?: () => unknown): Promise<void>;
  /** The alerts that fire now, with what each is about. */
  firing(): ReadonlyMap<string, readonly Element[]>;
}

/** Watches servers, which are scraped under the job name that the rules expect. */
export function watchAlerts(...urls: string[]): AlertWatch {
  const series = createTimeSeries();
  /** Since when each alert holds, by its labels. */
  const active = new Map<string, Map<string, { sinceMs: number; element: Element }>>();
  let nowMs = 0;

  async function scrapeAll(): Promise<void> {
    for (const url of urls) {
      const samples = await scrapeSamples(url).catch(() => undefined);
      series.add({ job: 'eventline', instance: new URL(url).host }, samples, nowMs);
    }
  }

  function look(): void {
    for (const { alert, expr } of alertRules) {
      const before = active.get(alert);
      const elements = evaluate(expr, series, nowMs);
      active.set(
        alert,
        new Map(
          elements.map((element) => {
            const key = labelsKey(element.labels);
            return [key, { sinceMs: before?.get(key)?.sinceMs ?? nowMs, element }];
          }),
        ),
      );
    }
  }

  return {
    async pass(duration, beforeEach) {
      const endMs = nowMs + durationMs(duration);
      while (nowMs < endMs) {
        nowMs += INTERVAL_MS;
        await beforeEach?.();
        await scrapeAll();
        look();
      }
    },
    firing: () =>
      new Map(
        alertRules.flatMap(({ alert, for: holds = '0s' }) => {
          const due = [...(active.get(alert)?.values() ?? [])].filter(
            ({ sinceMs }) => nowMs - sinceMs >= durationMs(holds),
          );
          return due.length > 0 ? [[alert, due.map(({ element }) => element)] as const] : [];
        }),
      ),
  };
}

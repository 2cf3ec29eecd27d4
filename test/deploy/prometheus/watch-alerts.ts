import { scrapeSamples } from '../../utils/scrape.ts';
import { alertRules } from './alert-rules.ts';
import { durationMs, evaluate } from './evaluate.ts';
import type { Element } from './functions.ts';
import { createTimeSeries, labelsKey } from './time-series.ts';

/** As in deploy/prometheus/scrape.yml; rules are evaluated at the same interval. */
const INTERVAL_MS = 15_000;

/** A small Prometheus whose clock only advances on request. */
export interface AlertWatch {
  /**
   * Advances the clock, with a scrape and an evaluation every 15 s. For the servers almost no time
   * passes.
   */
  pass(duration: string, beforeEach?: () => unknown): Promise<void>;
  /** Stops scraping all servers, as when Prometheus finds no target any more. */
  forgetTargets(): void;
  /** The firing alerts with their elements. */
  firing(): ReadonlyMap<string, readonly Element[]>;
}

/** Watches servers, which are scraped under the job name that the rules expect. */
export function watchAlerts(...urls: string[]): AlertWatch {
  const series = createTimeSeries();
  /** When each alert became active, by its labels. */
  const active = new Map<string, Map<string, { sinceMs: number; element: Element }>>();
  let nowMs = 0;
  let targets = urls;

  async function scrapeAll(): Promise<void> {
    for (const url of targets) {
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
    forgetTargets() {
      targets = [];
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

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Buckets of duration histograms, in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];

type Labels = Record<string, string>;

/** Returns functions that create metrics in one registry. */
export function metricMakers(register: Registry) {
  const registers = [register];
  return {
    /**
     * Creates a counter. Every label set in `known` starts at 0, since Prometheus sees no increase
     * of a series that first appears at 1.
     */
    counter<Name extends string>(
      name: string,
      help: string,
      known: readonly Readonly<Record<Name, string>>[],
    ): Counter<Name> {
      const labelNames = Object.keys(known[0] ?? {}) as Name[];
      const counter = new Counter({ registers, name, help, labelNames });
      for (const labels of known) counter.inc(labels, 0);
      return counter;
    },
    /** Creates a counter of a value that is counted elsewhere. */
    readCounter(name: string, help: string, read: () => readonly [Labels, number][]): void {
      const labelNames = read().flatMap(([labels]) => Object.keys(labels));
      new Counter({
        ...{ registers, name, help, labelNames: [...new Set(labelNames)] },
        collect() {
          this.reset();
          for (const [labels, value] of read()) this.inc(labels, value);
        },
      });
    },
    /** Creates a gauge that is read when it is scraped. */
    gauge(name: string, help: string, read: () => number): void {
      new Gauge({
        ...{ registers, name, help },
        collect() {
          this.set(read());
        },
      });
    },
    /** Creates a gauge with several values, distinguished by labels. */
    gauges<Name extends string>(
      name: string,
      help: string,
      labelNames: readonly Name[],
      read: () => Iterable<readonly [Readonly<Record<Name, string>>, number]>,
    ): void {
      new Gauge({
        ...{ registers, name, help, labelNames },
        collect() {
          for (const [labels, value] of read()) this.set(labels, value);
        },
      });
    },
    histogram<Name extends string = never>(
      name: string,
      help: string,
      labelNames: readonly Name[] = [],
      buckets: number[] = SECONDS,
    ): Histogram<Name> {
      return new Histogram({ registers, name, help, labelNames, buckets });
    },
  };
}

export type MetricMakers = ReturnType<typeof metricMakers>;

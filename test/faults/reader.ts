import type { Cluster, Node } from './cluster.ts';
import type { EventNumbers } from './event-numbers.ts';
import type { Findings } from './findings.ts';
import type { PlannedReader } from './plan-readers.ts';
import { createRandom, type Random } from './random.ts';

/** A reader, and all that it has got. */
export interface Reader {
  readonly planned: PlannedReader;
  /** The cursor that it started behind; undefined if it took what came from then on. */
  startCursor: string | undefined;
  /** Numbers of the events that it got, in that order. */
  readonly received: number[];
  /** How often it went on at its cursor with another connection. */
  resumes: number;
  /** What it is doing, for people. */
  doing: string;
  /** From now on it takes everything as fast as it can. */
  hurry: boolean;
  /** Called after each event. */
  onEvent: () => void;
  readonly random: Random;
  /** Ends it. */
  readonly stop: AbortController;
  /** Where it goes next, which may be the same place. */
  nextNode(): Node;
  /** Takes note of an event that was handed out; returns its cursor. */
  take(event: { cursor: string; id: string }): string;
  token(): Promise<string>;
}

export interface ReaderOptions {
  cluster: Cluster;
  numbers: EventNumbers;
  findings: Findings;
  seed: number;
  /** The head of the log before its first event. */
  beginning: string;
}

export function createReader(planned: PlannedReader, options: ReaderOptions): Reader {
  const { cluster, numbers, seed } = options;
  const random = createRandom(seed, planned.name);
  const { asUser } = planned;
  let isFirst = true;
  const reader: Reader = {
    planned,
    startCursor: undefined,
    received: [],
    resumes: 0,
    doing: 'not started',
    hurry: false,
    onEvent: () => undefined,
    random,
    stop: new AbortController(),
    nextNode() {
      const number = isFirst ? planned.server : random.whole(0, cluster.nodes.length - 1);
      isFirst = false;
      return cluster.nodes[number] as Node;
    },
    take(event) {
      reader.received.push(numbers.of(event));
      reader.onEvent();
      return event.cursor;
    },
    token: () => cluster.token(asUser === undefined ? { scope: 'events:read' } : { user: asUser }),
  };
  return reader;
}

import type { Cluster, Node } from './cluster.ts';
import type { EventNumbers } from './event-numbers.ts';
import type { Findings } from './findings.ts';
import type { PlannedReader } from './plan-readers.ts';
import { createRandom, type Random } from './random.ts';

/** A reader with everything it has received. */
export interface Reader {
  readonly planned: PlannedReader;
  /** The cursor after which it started; undefined if it started without one. */
  startCursor: string | undefined;
  /** Numbers of the received events, in order of arrival. */
  readonly received: number[];
  /** How often it resumed on another connection. */
  resumes: number;
  /** A description of its state. */
  doing: string;
  /** True once it should read as fast as possible. */
  hurry: boolean;
  /** Called after each event. */
  onEvent: () => void;
  readonly random: Random;
  /** Stops the reader. */
  readonly stop: AbortController;
  /** Returns the node to connect to next, possibly the same one. */
  nextNode(): Node;
  /** Records a received event, and returns its cursor. */
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

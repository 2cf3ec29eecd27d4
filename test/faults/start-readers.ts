import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedReader } from './plan-readers.ts';
import { query } from './query.ts';
import { readWithClient } from './read-with-client.ts';
import { readWithStalls } from './read-with-stalls.ts';
import { createReader, type Reader, type ReaderOptions } from './reader.ts';
import type { Run } from './run-directory.ts';

export interface Readers {
  readonly all: readonly Reader[];
  /** Resolves when all have started. */
  started: Promise<void>;
  /** Stops all; resolves when they have ended. */
  stop(): Promise<void>;
}

/** Starts each planned reader at its time. A reader that ends by itself is a finding. */
export function startReaders(
  run: Run,
  plan: readonly PlannedReader[],
  options: ReaderOptions,
): Readers {
  const { findings } = options;
  const all = plan.map((planned) => createReader(planned, options));
  const starts: Promise<void>[] = [];
  const ends: Promise<void>[] = [];
  for (const reader of all) {
    const placed = place(run, reader, options);
    starts.push(placed.then(() => undefined));
    ends.push(
      placed
        .then((after) => {
          const read = reader.planned.manner === 'stalled' ? readWithStalls : readWithClient;
          return read(reader, after);
        })
        .catch((error) => {
          if (run.signal.aborted) return;
          reader.doing = `ended: ${error}`;
          findings.add('wrong', `${reader.planned.name} ended: ${error}`);
        }),
    );
  }
  async function stop(): Promise<void> {
    for (const reader of all) reader.stop.abort();
    await Promise.all(ends);
  }
  run.onEnd(stop);
  const started = Promise.all(starts).then(() => undefined);
  // An interrupted run does not await it.
  started.catch(() => undefined);
  return { all, started, stop };
}

/** Waits for the reader's time, and determines its start. */
async function place(
  run: Run,
  reader: Reader,
  { cluster, beginning }: ReaderOptions,
): Promise<string | undefined> {
  const { start, startAtMs, server } = reader.planned;
  await delay(startAtMs, undefined, { signal: run.signal });
  if (start === 'now') return undefined;
  if (start === 'beginning') reader.startCursor = beginning;
  else {
    reader.doing = 'asking for the head';
    const urls = cluster.nodes.map(({ url }) => url);
    const ownFirst = [...urls.slice(server), ...urls.slice(0, server)];
    reader.startCursor = await readHead(ownFirst, reader.token, run.signal);
  }
  return reader.startCursor;
}

/** The cursor of the log's head. */
export async function readHead(
  urls: readonly string[],
  token: () => Promise<string>,
  signal: AbortSignal,
): Promise<string> {
  const { head } = await query<{ head: string }>(urls, { text: '{ head }', token }, signal);
  return head;
}

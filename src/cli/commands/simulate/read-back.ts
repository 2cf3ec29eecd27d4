import { setTimeout as wait } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import type { JsonObject } from '../../../catalog/json.ts';
import type { Asker } from '../../ask-graphql.ts';
import { NoAnswerError } from '../../post-delivery.ts';
import type { Kind, Planned } from './make-traffic.ts';

/** A page of what is read back. */
export const READ_BACK = `query ReadBack($after: String, $first: Int!) {
  events(after: $after, first: $first) {
    reached
    edges { node { id typeName occurredOn payload } }
    pageInfo { hasNextPage }
  }
}`;
/** Another instance may be a moment behind the one that answered a delivery. */
const PATIENCE_MS = 5_000;
/** A server that is started again is waited for. */
const ABSENCE_MS = 15_000;
const PAUSE_MS = 100;

interface Page {
  events: {
    reached: string;
    edges: { node: { id: string; typeName: string; occurredOn: string; payload: JsonObject } }[];
    pageInfo: { hasNextPage: boolean };
  };
}

/** A delivery that was settled. */
export interface Settled extends Pick<Planned, 'kind' | 'body'> {
  /** The id that was answered; undefined when it is not known what became of it. */
  id: string | undefined;
}

export interface ReadBack {
  /** Acknowledged events that are there, once and as sent. */
  found: number;
  /** Acknowledged, and not there. */
  missing: number;
  /** There more than once. */
  doubled: number;
  /** Under the id that was answered stands something else. */
  different: number;
  /** There, though forged or malformed. */
  intruders: number;
  /** Events of others, who used the server meanwhile, or that were never answered. */
  others: number;
}

export interface ReadBackOptions {
  signal: AbortSignal;
  /** Told how many events were read. */
  onProgress: (events: number) => void;
  /** Events that one request asks for. */
  first: number;
}

/**
 * Reads all events behind a cursor and compares them with what was posted meanwhile.
 *
 * @throws CommandError when the server refuses to be read
 */
export async function readBack(
  { ask }: Asker,
  after: string,
  settled: readonly Settled[],
  { signal, onProgress, first }: ReadBackOptions,
): Promise<ReadBack> {
  const acknowledged = settled.filter(({ id }) => id !== undefined);
  const expected = new Map(acknowledged.map(({ id, body }) => [id, said(JSON.parse(body))]));
  const refused = new Set(
    settled.filter(({ kind }) => isRefused(kind)).flatMap(({ body }) => saidIn(body)),
  );
  const result = { found: 0, missing: 0, doubled: 0, different: 0, intruders: 0, others: 0 };
  const seen = new Set<string>();
  const untilMs = performance.now() + PATIENCE_MS;
  let place = after;
  let found = 0;
  let read = 0;

  for (;;) {
    const { events } = await askPatiently({ after: place, first });
    for (const { node } of events.edges) take(node);
    read += events.edges.length;
    onProgress(read);
    place = events.reached;
    if (events.pageInfo.hasNextPage) continue;
    if (found >= expected.size || performance.now() > untilMs) break;
    await wait(PAUSE_MS, undefined, { signal });
  }
  return { ...result, missing: expected.size - found };

  async function askPatiently(variables: object): Promise<Page> {
    for (const untilMs = performance.now() + ABSENCE_MS; ; ) {
      try {
        return await ask<Page>(READ_BACK, variables);
      } catch (error) {
        if (!(error instanceof NoAnswerError) || performance.now() > untilMs) throw error;
        await wait(PAUSE_MS, undefined, { signal });
      }
    }
  }

  function take({ id, typeName, occurredOn, payload }: Page['events']['edges'][number]['node']) {
    const what = said({ type: typeName, occurred_on: occurredOn, payload });
    if (seen.has(id)) result.doubled += 1;
    else if (expected.has(id)) {
      found += 1;
      result[expected.get(id) === what ? 'found' : 'different'] += 1;
    } else if (refused.has(what)) result.intruders += 1;
    else result.others += 1;
    seen.add(id);
  }
}

function isRefused(kind: Kind): boolean {
  return kind === 'forged' || kind === 'malformed';
}

/** Whether something is not as it was acknowledged. */
export function isWrong({ missing, doubled, different, intruders }: ReadBack): boolean {
  return missing + doubled + different + intruders > 0;
}

function saidIn(body: string): string[] {
  try {
    return [said(JSON.parse(body))];
  } catch {
    return [];
  }
}

/** What an event says, whatever the order of its keys and the notation of its instant. */
function said(event: { type: string; occurred_on: string; payload: JsonObject }): string {
  const { type, occurred_on, payload } = event;
  return String(canonicalize([type, new Date(occurred_on).getTime(), payload]));
}

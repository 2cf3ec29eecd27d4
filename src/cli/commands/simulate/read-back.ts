import { setTimeout as wait } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { JsonObject } from '../../../catalog/json.ts';
import { MALFORMED_TYPE_NAME } from '../../../catalog/well-formed.ts';
import { type GraphqlClient, jsonObject, pageOf } from '../../ask-graphql.ts';
import { NoAnswerError } from '../../post-delivery.ts';
import type { Kind, Planned } from './make-traffic.ts';

/** Query for one page of the comparison. */
export const READ_BACK = `query ReadBack($after: String, $first: Int!) {
  events(after: $after, first: $first) {
    reached
    edges { node { __typename id typeName occurredOn payload } }
    pageInfo { hasNextPage }
  }
}`;
/** Another instance may lag slightly behind the one that acknowledged. */
const TIMEOUT_MS = 5_000;
/** Time allowed for a server to restart, in milliseconds. */
const ABSENCE_MS = 15_000;
const PAUSE_MS = 100;

const node = z.object({
  __typename: z.string(),
  id: z.string(),
  typeName: z.string(),
  occurredOn: z.string(),
  payload: jsonObject,
});
const page = pageOf(node);

/** A finished delivery. */
export interface Settled extends Pick<Planned, 'kind' | 'body'> {
  /** The acknowledged id; undefined when the outcome is unknown. */
  id: string | undefined;
}

export interface ReadBack {
  /** Acknowledged events found once and as sent. */
  found: number;
  /** Acknowledged events not found. */
  missing: number;
  /** Events found more than once. */
  doubled: number;
  /**
   * Events that differ from what was acknowledged under their id, or are wrongly malformed or
   * well-formed.
   */
  different: number;
  /** Forged or unreadable deliveries found in the log. */
  intruders: number;
  /** Events of other senders, or of deliveries without an answer. */
  others: number;
}

export interface ReadBackOptions {
  signal: AbortSignal;
  /** Called with the number of events read so far. */
  onProgress: (events: number) => void;
  /** Events per request. */
  first: number;
}

/**
 * Reads all events after a cursor and compares them with the posted deliveries.
 *
 * @throws CommandError when the server refuses the query
 */
export async function readBack(
  { ask }: GraphqlClient,
  after: string,
  settled: readonly Settled[],
  { signal, onProgress, first }: ReadBackOptions,
): Promise<ReadBack> {
  const acknowledged = settled.filter(({ id }) => id !== undefined);
  const expected = new Map(
    acknowledged.map(({ id, body, kind }) => [
      id,
      `${kind === 'malformed'} ${contentOf(JSON.parse(body))}`,
    ]),
  );
  const refused = new Set(
    settled.filter(({ kind }) => isRefused(kind)).flatMap(({ body }) => contentsIn(body)),
  );
  const result = { found: 0, missing: 0, doubled: 0, different: 0, intruders: 0, others: 0 };
  const seen = new Set<string>();
  const untilMs = performance.now() + TIMEOUT_MS;
  let place = after;
  let found = 0;
  let read = 0;

  for (;;) {
    const { events } = await askWithRetries({ after: place, first });
    for (const { node } of events.edges) take(node);
    read += events.edges.length;
    onProgress(read);
    place = events.reached;
    if (events.pageInfo.hasNextPage) continue;
    if (found >= expected.size || performance.now() > untilMs) break;
    await wait(PAUSE_MS, undefined, { signal });
  }
  return { ...result, missing: expected.size - found };

  async function askWithRetries(variables: object): Promise<z.infer<typeof page>> {
    for (const untilMs = performance.now() + ABSENCE_MS; ; ) {
      try {
        return await ask({ text: READ_BACK, data: page }, variables);
      } catch (error) {
        if (!(error instanceof NoAnswerError) || performance.now() > untilMs) throw error;
        await wait(PAUSE_MS, undefined, { signal });
      }
    }
  }

  function take({ __typename, id, typeName, occurredOn, payload }: z.infer<typeof node>) {
    const what = contentOf({ type: typeName, occurred_on: occurredOn, payload });
    if (seen.has(id)) result.doubled += 1;
    else if (expected.has(id)) {
      found += 1;
      const isMalformed = __typename === MALFORMED_TYPE_NAME;
      result[expected.get(id) === `${isMalformed} ${what}` ? 'found' : 'different'] += 1;
    } else if (refused.has(what)) result.intruders += 1;
    else result.others += 1;
    seen.add(id);
  }
}

function isRefused(kind: Kind): boolean {
  return kind === 'forged' || kind === 'unreadable';
}

/** Returns true if any event differs from its acknowledgement. */
export function isWrong({ missing, doubled, different, intruders }: ReadBack): boolean {
  return missing + doubled + different + intruders > 0;
}

function contentsIn(body: string): string[] {
  try {
    return [contentOf(JSON.parse(body))];
  } catch {
    return [];
  }
}

/** Canonical text of an event, independent of key order and of the notation of the instant. */
function contentOf(event: { type: string; occurred_on: string; payload: JsonObject }): string {
  const { type, occurred_on, payload } = event;
  return String(canonicalize([type, new Date(occurred_on).getTime(), payload]));
}

import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from './cluster.ts';
import { makeDelivery } from './delivery.ts';
import type { Findings } from './findings.ts';
import type { Ledger } from './ledger.ts';
import {
  countStored,
  type LoggedEvent,
  readQuarantine,
  readServed,
  readStored,
} from './read-log.ts';

/** The checked log. `events[n]` is at position n + 1. */
export interface CheckedLog {
  events: readonly Pick<LoggedEvent, 'type' | 'userId'>[];
  /** Indexed by position − 1. */
  served: readonly { cursor: string; id: string }[];
}

interface CheckOptions {
  cluster: Cluster;
  seed: number;
  ledger: Ledger;
  findings: Findings;
  signal: AbortSignal;
}

/**
 * Compares the log with the sender's records: every acknowledged event is there once, at its
 * position, as it was posted; positions are dense from 1; nothing else is there; and pages of
 * GraphQL equal the database.
 */
export async function checkLog(options: CheckOptions): Promise<CheckedLog> {
  const { cluster, seed, ledger, findings, signal } = options;
  const total = await countStored(cluster.database.uri, signal);
  const served = await readServed(cluster, { total, signal });
  const events: Pick<LoggedEvent, 'type' | 'userId'>[] = [];
  const positions = new Map<number, number>();
  const posted = ledger.numbers('acceptance');

  for await (const event of readStored(cluster.database.uri)) {
    const { position, id, type, userId, payload } = event;
    events.push({ type, userId });
    if (position !== events.length) {
      findings.add('disordered', `position ${position} stands where ${events.length} belongs`);
    }
    const number = payload.reference as number;
    const before = positions.get(number);
    if (before !== undefined) {
      findings.add('doubled', `delivery ${number} is stored at ${before} and at ${position}`);
    }
    positions.set(number, position);
    if (!posted.has(number)) {
      findings.add('wrong', `position ${position} holds delivery ${number}, never posted as good`);
      continue;
    }
    const made = makeDelivery(seed, number);
    if (made.typeName !== event.typeName || !isDeepStrictEqual(made.payload, payload)) {
      findings.add('wrong', `position ${position} says something else than delivery ${number}`);
    }
    const page = served[events.length - 1];
    if (page?.id !== id) {
      findings.add('wrong', `the pages hold ${page?.id} at position ${position}, not ${id}`);
    }
    const told = ledger.of(number);
    if (told && ((told.position ?? position) !== position || told.id !== id)) {
      findings.add(
        'wrong',
        `delivery ${number} was acknowledged at ${told.position} as ${told.id}, stored at ${position} as ${id}`,
      );
    }
  }
  if (served.length !== events.length) {
    findings.add('wrong', `the pages hold ${served.length} events, the log ${events.length}`);
  }
  for (const number of posted) {
    if (ledger.of(number) !== undefined && !positions.has(number)) {
      findings.add('lost', `delivery ${number} was acknowledged at ${ledger.of(number)?.position}`);
    }
  }
  await checkQuarantine(options);
  return { events, served };
}

async function checkQuarantine({ cluster, seed, ledger, findings }: CheckOptions): Promise<void> {
  const kept = await readQuarantine(cluster.database.uri);
  for (const number of ledger.numbers('refusal')) {
    const raw = createHash('sha256').update(makeDelivery(seed, number).body).digest('hex');
    if (!kept.delete(raw)) findings.add('lost', `refused delivery ${number} is not in quarantine`);
  }
  if (kept.size > 0) findings.add('wrong', `${kept.size} deliveries too many are in quarantine`);
}

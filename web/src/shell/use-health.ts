import { useEffect, useState } from 'react';
import { pauseFor } from '../../../src/client/abort.ts';
import { ask } from '../data/ask.ts';
import { describeState, type StreamState } from '../data/stream-state.ts';
import { HEALTH } from '../documents/health.ts';
import type { HealthQuery } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import type { Health } from './health-items.ts';

const EVERY_MS = 5_000;
/** The second answer, from which the rate is known, comes sooner. */
const SECOND_MS = 1_000;
/** The rate is that of this period, in milliseconds. */
const RATE_MS = 30_000;

interface Sample {
  atMs: number;
  stored: number;
}

/** Returns whether the token may see how the server is doing. Others would only get an error. */
export function maySeeHealth(session: Session): boolean {
  return session.current().claims?.scopes.includes('events:read') ?? false;
}

/** Asks the server how it is doing while the page is visible; undefined before the first answer. */
export function useHealth(session: Session): Health | undefined {
  const [health, setHealth] = useState<Health>();
  useEffect(() => {
    if (!maySeeHealth(session)) return;
    const stop = new AbortController();
    watch(session, stop.signal, setHealth).catch(() => undefined);
    return () => stop.abort();
  }, [session]);
  return health;
}

/**
 * Asks again after a failure, too: a line that disappeared would look as if nothing were wrong.
 *
 * @throws the signal's reason
 */
async function watch(
  session: Session,
  signal: AbortSignal,
  tell: (health: Health) => void,
): Promise<void> {
  let known: Health = { answer: undefined, fault: undefined, perSecond: undefined };
  let samples: Sample[] = [];
  let day = '';
  for (;;) {
    const today = midnight(session.now());
    // Another day counts from its own midnight.
    if (today !== day) samples = [];
    day = today;
    const data = await askHealth(today);
    if (data) {
      samples.push({ atMs: performance.now(), stored: data.health.storedToday });
      samples = samples.filter(({ atMs }) => performance.now() - atMs <= RATE_MS);
      known = { answer: data, fault: undefined, perSecond: rateOf(samples) };
      tell(known);
    }
    await pauseFor(samples.length === 1 ? SECOND_MS : EVERY_MS, signal);
    await visible(signal);
  }

  function onState(state: StreamState): void {
    const { short, long } = describeState(state);
    known = { ...known, fault: `${short}: ${long}` };
    tell(known);
  }

  /** Returns undefined after a failure, which `onState` has reported. */
  async function askHealth(today: string): Promise<HealthQuery | undefined> {
    try {
      return (await ask(session, HEALTH, { today }, { signal, onState })).data;
    } catch {
      if (signal.aborted) throw signal.reason;
      return undefined;
    }
  }
}

function rateOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (!first || !last || first === last) return undefined;
  return Math.max(0, (1_000 * (last.stored - first.stored)) / (last.atMs - first.atMs));
}

function midnight(nowMs: number): string {
  const date = new Date(nowMs);
  date.setHours(0, 0, 0, 0);
  return date.toISOString();
}

/** Resolves while the page can be seen. */
function visible(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      document.removeEventListener('visibilitychange', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    document.addEventListener('visibilitychange', end);
    signal.addEventListener('abort', end);
  });
}

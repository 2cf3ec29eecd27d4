import { useCallback, useEffect, useState } from 'react';
import { isUuid } from '../address/view.ts';
import { ask, type FieldError, type QueryOptions } from '../data/ask.ts';
import { describeState, type StreamState } from '../data/stream-state.ts';
import { FIND_BY_UUID, FIND_EVENT, FIND_USER } from '../documents/search.ts';
import type { Session } from '../session/create-session.ts';
import { ago } from '../words/times.ts';
import { type Found, toFound } from './to-found.ts';

/** Typing is awaited this long, in milliseconds. */
const TYPING_MS = 150;
const HINT = 'Type or paste a whole id. Ids are compared exactly.';

export interface Search {
  found: readonly Found[];
  /** What to say when nothing was found. */
  note: string;
  /** Looks again; present after a failure. */
  again?: () => void;
}

/** Looks up what a text may be the id of. */
export function useSearch(session: Session, text: string): Search {
  const [search, setSearch] = useState<Search & { text: string }>({
    ...{ text: '', found: [], note: HINT },
  });
  const [looks, setLooks] = useState(0);
  const again = useCallback(() => setLooks((count) => count + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked up again on demand
  useEffect(() => {
    if (text === '') return;
    const stop = new AbortController();
    const { signal } = stop;
    const found: Found[] = [];
    const tell = (note: string) => setSearch({ text, found: [...found], note });
    const onState = (state: StreamState) => {
      const { short, long } = describeState(state);
      if (state.status === 'waiting') tell(`${short}. ${long}`);
    };
    const timer = setTimeout(() => {
      const lookUps = lookUpsOf(session, text).map(async (lookUp) => {
        found.push(...(await lookUp({ signal, onState })));
        if (!signal.aborted) tell('Looking …');
      });
      void Promise.allSettled(lookUps).then((results) => {
        if (signal.aborted) return;
        const failed = results.find((result) => result.status === 'rejected');
        if (!failed) return tell(NOTHING);
        const note = `Not everything could be looked up: ${failed.reason.message}`;
        setSearch({ text, found: [...found], note, again });
      });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [session, text, looks, again]);
  if (text === '') return { found: [], note: HINT };
  return search.text === text ? search : { found: [], note: 'Looking …' };
}

const NOTHING =
  'Nothing that you may see has this id: no user, installation, message or event. Ids are compared whole.';

type LookUp = (options: QueryOptions) => Promise<Found[]>;

/** @throws Error for a part that failed: it would look as if it did not exist */
function throwFirst([failed]: readonly FieldError[]): void {
  if (failed) throw new Error(failed.message);
}

function lookUpsOf(session: Session, text: string): LookUp[] {
  const user: LookUp = async (options) => {
    const { data, errors } = await ask(session, FIND_USER, { id: text }, options);
    throwFirst(errors);
    if (!data.user) return [];
    const { currentStatus, lastSeen } = data.user;
    return [toFound('user', text, [currentStatus?.toLowerCase(), seen(lastSeen)])];
  };
  const uuid: LookUp = async (options) => {
    const id = text.toLowerCase();
    const { data, errors } = await ask(session, FIND_BY_UUID, { id }, options);
    throwFirst(errors);
    const { installation, message } = data;
    return [
      ...(installation
        ? [
            toFound('installation', id, [
              installation.initialDeviceModel,
              seen(installation.lastSeen),
            ]),
          ]
        : []),
      ...(message
        ? [toFound('message', id, [message.speciality, message.readOn ? 'read' : 'unread'])]
        : []),
    ];
  };
  const event: LookUp = async (options) => {
    const { data, errors } = await ask(session, FIND_EVENT, { id: text }, options);
    // The id of an event of another log is none of this one.
    throwFirst(errors.filter(({ extensions }) => extensions?.code !== 'BAD_USER_INPUT'));
    if (!data.event) return [];
    const { typeName, occurredOn } = data.event;
    return [toFound('event', text, [typeName, ago(occurredOn, session.now())])];
  };
  return [user, ...(isUuid(text) ? [uuid] : []), ...(isEventId(text) ? [event] : [])];

  function seen(instant: string | null | undefined): string | undefined {
    return instant ? `last seen ${ago(instant, session.now())}` : undefined;
  }
}

/** A global id is base64 of a type's name, a colon and a local id. */
function isEventId(text: string): boolean {
  try {
    return /^\w+:[\w-]{20,}$/.test(atob(text));
  } catch {
    return false;
  }
}

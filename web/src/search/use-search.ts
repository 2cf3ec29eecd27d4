import { useCallback, useEffect, useState } from 'react';
import { EventsClientError } from '../../../src/client/events-client-error.ts';
import { isInteger, isUuid } from '../address/view.ts';
import { ask, type FieldError, type QueryOptions } from '../data/ask.ts';
import { describeState, type StreamState } from '../data/stream-state.ts';
import { FIND_BY_CONTACT, FIND_BY_UUID, FIND_EVENT, FIND_USER } from '../documents/search.ts';
import type { Session } from '../session/create-session.ts';
import { ago } from '../words/times.ts';
import { contactKind } from './contact-kind.ts';
import { idsIn } from './ids-in.ts';
import { type Found, toFound } from './to-found.ts';

/** Typing is awaited this long, in milliseconds. */
const TYPING_MS = 150;

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
    ...{ text: '', found: [], note: '' },
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
      const lookUps = idsIn(text)
        .flatMap((id) => lookUpsOf(session, id))
        .map(async (lookUp) => {
          for (const each of await lookUp({ signal, onState })) {
            // An id may be an e-mail address, too.
            if (!found.some(({ key }) => key === each.key)) found.push(each);
          }
          if (!signal.aborted) tell('Looking …');
        });
      void Promise.allSettled(lookUps).then((results) => {
        if (signal.aborted) return;
        const failed = results.find((result) => result.status === 'rejected');
        if (!failed) return tell(nothingNote(session, text));
        const note = `Not everything could be looked up: ${failed.reason.message}`;
        setSearch({ text, found: [...found], note, again });
      });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [session, text, looks, again]);
  if (text === '') return { found: [], note: hint(session) };
  return search.text === text ? search : { found: [], note: 'Looking …' };
}

/** Whether the token may search by e-mail and phone. */
export function maySearchContacts(session: Session): boolean {
  return session.current().claims?.scopes.includes('pii:read') ?? false;
}

function hint(session: Session): string {
  const [what, compared] = maySearchContacts(session)
    ? ['id, e-mail or phone number', 'They']
    : ['id', 'Ids'];
  return `Type or paste a whole ${what}. ${compared} are compared exactly.`;
}

function nothingNote(session: Session, text: string): string {
  const id = idsIn(text).at(-1) ?? text;
  const kind = contactKind(id);
  if (kind === undefined) {
    if (/^[0-9a-f]{8}(-[0-9a-f-]*)?$/i.test(id) && !isUuid(id)) return `${NOTHING} ${SHORTENED}`;
    if (isInteger(id)) return `${NOTHING} ${PROFESSIONAL}`;
    return isAdmin(session) ? `${NOTHING} ${REFUSED}` : NOTHING;
  }
  return maySearchContacts(session)
    ? `No user that you may see has this ${kind}, and nothing has it as its id. Both are compared whole.`
    : `Nothing that you may see has this id. To find a user by ${kind}, the token needs the scope pii:read.`;
}

const NOTHING =
  'Nothing that you may see has this id: no user, installation, message or event. Ids are compared whole.';

const SHORTENED = 'Lists show the first 8 characters only; the page behind them has all.';
const PROFESSIONAL = 'The messages of a professional are found by the filter Professional.';
const REFUSED = 'Deliveries that were refused are under Deliveries.';

function isAdmin(session: Session): boolean {
  return session.current().claims?.scopes.includes('events:admin') ?? false;
}

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
  const kind = maySearchContacts(session) ? contactKind(text) : undefined;
  const contact: LookUp = async (options) => {
    const answer = await ask(session, FIND_BY_CONTACT, { contact: text }, options).catch(
      orNoContact,
    );
    if (!answer) return [];
    throwFirst(answer.errors);
    const { nodes, pageInfo } = answer.data.usersByContact;
    const more = pageInfo.hasNextPage ? `one of more than ${nodes.length} users` : undefined;
    return nodes.flatMap((node) =>
      node?.userId
        ? [
            toFound('user', node.userId, [
              `with this ${kind}`,
              more,
              node.currentStatus?.toLowerCase(),
              seen(node.lastSeen),
            ]),
          ]
        : [],
    );
  };
  return [
    user,
    ...(kind ? [contact] : []),
    ...(isUuid(text) ? [uuid] : []),
    ...(isEventId(text) ? [event] : []),
  ];

  function seen(instant: string | null | undefined): string | undefined {
    return instant ? `last seen ${ago(instant, session.now())}` : undefined;
  }
}

/** What looks like a contact here may be none for the server, such as 0000000. */
function orNoContact(error: unknown): undefined {
  if (!(error instanceof EventsClientError) || error.code !== 'BAD_USER_INPUT') throw error;
}

/** A global id is base64 of a type's name, a colon and a local id. */
function isEventId(text: string): boolean {
  try {
    return /^\w+:[\w-]{20,}$/.test(atob(text));
  } catch {
    return false;
  }
}

import type { TestServer } from '../utils/server.ts';
import { owners, type Shown, viewers } from './some-viewers.ts';

/** Fields that reveal how much of an event was shown. */
export const SEEN = /* GraphQL */ `
  fragment Seen on Event {
    id
    userId
    payload
    ... on UserFirstLoggedIn { mobilePhone mobilePhonePrefix email }
  }
`;

/**
 * The fields that a viewer can subscribe to: a subscription that selects what its viewer can never
 * see is refused.
 */
export const seenLive = (viewer: string): string =>
  viewer === 'a reader of all' ? SEEN.replace(/.*mobilePhone.*/, '') : SEEN;

/** An event as the client receives it. */
export interface SeenEvent {
  id: string;
  userId: string | null;
  payload: Record<string, unknown>;
  mobilePhone?: string | null;
  mobilePhonePrefix?: string | null;
  email?: string | null;
}

export interface PostedEvent {
  id: string;
  owner: string | null;
  /** A text that only occurs in this event's personal values. */
  secret: string;
}

let count = 0;

/**
 * Posts an event of each kind for each owner, interleaved: a type with personal fields, one with
 * undeclared keys, and an undeclared type. Resolves to the events in log order.
 */
export async function postPersonalEvents(server: TestServer): Promise<PostedEvent[]> {
  const posted: PostedEvent[] = [];
  for (const type of ['user_first_logged_in', 'app_uninstalled', 'profile_shared']) {
    for (const owner of owners) {
      // The webhook refuses a first login without a user.
      if (owner === null && type === 'user_first_logged_in') continue;
      count += 1;
      const secret = `secret-${count}-of-${owner}`;
      const personal = {
        mobile_phone: secret,
        mobile_phone_prefix: secret,
        email: `${secret}@x.org`,
      };
      const { body } = await server.post(type, {
        user_id: owner,
        count,
        ...(type === 'user_first_logged_in' ? personal : {}),
        contacts: [
          { name: 'kept', user_id: owner, ...personal },
          [{ deep: { userId: owner, Email: secret, mobilePhone: secret } }],
        ],
      });
      posted.push({ id: body.id, owner, secret });
    }
  }
  return posted;
}

/** The events that a viewer is shown, in order, as `id whole` or `id reduced`. */
export function expectedOf(viewer: string, posted: readonly PostedEvent[]): string[] {
  const sees = viewers[viewer]?.sees ?? {};
  return posted.flatMap(({ id, owner }) => {
    const shown = sees[String(owner)];
    return shown === undefined ? [] : [`${id} ${shown}`];
  });
}

/**
 * Returns how much of an event was shown. Throws if its secret or another event's secret appears
 * where it must not, or if the event is neither whole nor reduced.
 */
export function describeSeen(event: SeenEvent, posted: readonly PostedEvent[]): string {
  const { id, payload } = event;
  const text = JSON.stringify(event);
  const secrets = posted.filter(({ secret }) => text.includes(`"${secret}`)).map((its) => its.id);
  const names = JSON.stringify(payload).match(/mobile_?phone|email/gi) ?? [];
  const kept = payload.contacts as [{ name?: string }, [{ deep?: object }]];
  const isFirstLogin = 'mobilePhone' in event;
  const typed = [event.mobilePhone, event.mobilePhonePrefix, event.email];
  let shown: Shown;
  if (secrets.length === 1 && secrets[0] === id && names.length === (isFirstLogin ? 8 : 5)) {
    shown = 'whole';
    if (isFirstLogin && typed.includes(null)) throw new Error(`${id} lacks typed fields`);
  } else if (secrets.length === 0 && names.length === 0) {
    shown = 'reduced';
    if (isFirstLogin && typed.some((value) => value !== null)) throw new Error(`${id} shows typed`);
  } else {
    throw new Error(`${id} shows ${names.length} personal keys and the secrets of ${secrets}`);
  }
  // Values that are not personal are shown to every viewer.
  if (kept[0].name !== 'kept' || !kept[1][0].deep)
    throw new Error(`${id} lacks what is not personal`);
  return `${id} ${shown}`;
}

import { createParser } from 'eventsource-parser';
import { GraphQLDateTime, GraphQLEmailAddress, GraphQLUUID } from 'graphql-scalars';
import { describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/auth/viewer.ts';
import { visiblePayload } from '../../src/auth/visible-payload.ts';
import { definitionByName } from '../../src/catalog/catalog.ts';
import { erasedEvent } from '../../src/catalog/erased/erased-event.ts';
import { isUserKey } from '../../src/catalog/erased/users-named.ts';
import { withoutMentions } from '../../src/catalog/erased/without-mentions.ts';
import type { NewEvent, StoredEvent } from '../../src/catalog/event.ts';
import { eventDigest } from '../../src/catalog/event-digest.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { parseInstant } from '../../src/catalog/parse-instant.ts';
import { contactsIn } from '../../src/catalog/personal/contacts-in.ts';
import { contactsOf } from '../../src/catalog/personal/contacts-of.ts';
import { isPersonalKey } from '../../src/catalog/personal/is-personal-key.ts';
import { withoutPersonal } from '../../src/catalog/personal/without-personal.ts';
import { sizeOf } from '../../src/catalog/size-of.ts';
import { valueKey } from '../../src/catalog/value-key.ts';
import { createCursors } from '../../src/log/read/cursor.ts';
import { toPredicate, toQuery } from '../../src/log/read/filter.ts';
import { rawUsers } from '../../src/log/state/raw-users.ts';
import { createDriftWatch } from '../../src/observability/metrics/create-drift-watch.ts';
import { parseDuration } from '../../src/schema/types/duration.ts';
import { isJsonBody } from '../../src/server/graphql/is-json-body.ts';
import { isAllowedOrigin } from '../../src/server/http/allowed-origin.ts';
import { parseDelivery } from '../../src/webhook/parse-delivery.ts';
import { createVerifier } from '../../src/webhook/verify-signature.ts';
import { parsedEvent } from '../utils/parsed-event.ts';
import { attempt, fill, repeated } from './adversarial-inputs.ts';
import { growthOf, MAX_GROWTH } from './growth.ts';

const BODY_BYTES = 4 * 1024;
const TEXT_CHARS = 8 * 1024;

/** Adversarial JSON objects of about `size` bytes. */
const OBJECTS: Record<string, (size: number) => string> = {
  'many keys': (size) => `{${fill(size, (i) => `"key${i}":1`)}}`,
  'numeric keys': (size) => `{${fill(size, (i) => `"${i * 65_536}":1`)}}`,
  'keys with escape sequences': (size) => `{${fill(size, (i) => `"\\u0041${i}":"\\n"`)}}`,
  'personal keys': (size) => `{${fill(size, (i) => `"userEmail${i}":"a"`)}}`,
  'user keys': (size) => `{${fill(size, (i) => `"user_id${'_'.repeat(i % 9)}${i}":"u${i}"`)}}`,
  'one long key': (size) => `{"${'user_'.repeat(size / 5)}":1}`,
  'one long text': (size) => `{"a":"${'ab '.repeat(size / 3)}"}`,
  'one text of hyphenated words': (size) => `{"a":"${'a-'.repeat(size / 2)}"}`,
  'one text of escape sequences': (size) => `{"a":"${'\\"'.repeat(size / 2)}"}`,
  'a list of numbers': (size) => `{"a":[${fill(size, (i) => `${i}`)}]}`,
  'a list of objects': (size) => `{"a":[${fill(size, () => '{"user_id":"u"}')}]}`,
  'nested lists': (size) => `{"a":${'['.repeat(60)}${fill(size, (i) => `${i}`)}${']'.repeat(60)}}`,
  'phone numbers and country prefixes': (size) =>
    `{${fill(size, (i) => `"phone${i}":"${i % 2 ? i % 9_999 : 600_000_000 + i}"`)}}`,
  'labelled values': (size) => `{"a":[${fill(size, () => '{"type":"email","v":1}')}]}`,
};

const bodyOf = (type: string, payload: string) =>
  Buffer.from(`{"type":"${type}","occurred_on":"2024-01-01T00:00:00Z","payload":${payload}}`);
const eventOf = (payload: string): NewEvent => ({
  ...parsedEvent(bodyOf('app_updated', '{}')),
  payload: JSON.parse(payload) as JsonObject,
});
const viewer: Viewer = { userId: 'u', scopes: new Set(), expiresAtMs: 0 };
const drift = createDriftWatch({ onDrift: () => undefined, onNew: () => undefined });
const pseudonyms = { user: 'x', uuid: () => '' };

/** All functions that traverse a body or a payload; add new ones here. */
const TRAVERSALS: Record<
  string,
  (input: { body: Buffer; payload: string; event: NewEvent }) => unknown
> = {
  parseDelivery: ({ body }) => attempt(() => parseDelivery(body, new Date())),
  rawUsers: ({ body }) => [...rawUsers(body).ids].length,
  'rawUsers of invalid JSON': ({ body }) => [...rawUsers(body.subarray(1)).ids].length,
  faults: ({ event }) => definitionByName.get('message_sent')?.faults(event.payload),
  eventDigest: ({ event }) => eventDigest('t', '2024-01-01T00:00:00Z', event.payload),
  withoutPersonal: ({ event }) => withoutPersonal(event.payload, 'u'),
  visiblePayload: ({ event }) =>
    visiblePayload(viewer, { ...event, payload: { ...event.payload } }),
  withoutMentions: ({ event }) =>
    withoutMentions(event, {
      isUser: (id) => id.length > 1_000,
      isContact: (contact) => contact.length > 1_000,
    }),
  contactsOf: ({ event }) => contactsOf({ ...event, userId: 'u' }).size,
  'the contacts of rawUsers': ({ body }) => [...rawUsers(body).contacts].length,
  erasedEvent: ({ event }) => erasedEvent(event, pseudonyms),
  sizeOf: ({ event }) => sizeOf({ ...event }),
  valueKey: ({ event }) => valueKey(event.payload),
  'the drift watch': ({ event }) =>
    drift({ ...event, type: 'app_opened', position: 1 } as StoredEvent),
};

describe.each(Object.entries(TRAVERSALS))('%s takes linear time', (_, traverse) => {
  test.each(Object.entries(OBJECTS))('for %s', async (_, toPayload) => {
    const make = (size: number) => {
      const payload = toPayload(size);
      return { payload, body: bodyOf('app_opened', payload), event: eventOf(payload) };
    };
    expect(await growthOf(make, traverse, BODY_BYTES)).toBeLessThan(MAX_GROWTH);
  });
});

const verify = createVerifier(['a-secret-for-tests-24chr']);
const cursors = createCursors(Buffer.alloc(16));
const filterOf = (text: string) => {
  const userIds = text.match(/.{1,8}/gs) ?? [];
  return { userIds, installationIds: userIds, specialities: userIds };
};

/** Functions that parse untrusted texts, each with adversarial inputs. */
const READERS: [string, (text: string) => unknown, ...((size: number) => string)[]][] = [
  [
    'contacts in a text',
    (text) => [...contactsIn(text)].length,
    ...[repeated('1'), repeated('1 '), repeated('1 2 3 x'), repeated('@'), repeated('a')],
    ...[repeated('a@b.c '), repeated('(+'), repeated('a@...'), repeated(`a@${'.'.repeat(254)}a`)],
    ...[repeated('1,'), repeated('1, 22, '), repeated('1________'), repeated('1_________2,')],
    ...[repeated("'"), repeated('+_('), repeated('00 '), repeated('\u0661'), repeated('+1 ')],
    ...[repeated('%'), repeated('%25'), repeated('%ff '), repeated('%40'), repeated('1+')],
    ...[
      repeated('&'),
      repeated('&amp;'),
      repeated('&#0000000'),
      repeated('&#64;'),
      repeated('&aaaaaa'),
    ],
    ...[
      repeated('a@ü.x '),
      repeated(`@${'ü.'.repeat(125)}`),
      repeated('a@xn--a.b '),
      repeated('a@b。'),
    ],
    ...[repeated('\u0301\u0323'), repeated('a\u0301\u0323')],
  ],
  [
    'X-Signature',
    (text) => verify(Buffer.alloc(0), text),
    repeated('sha256='),
    repeated(' '),
    repeated('a,'),
  ],
  [
    'Content-Type',
    (text) => isJsonBody(text, undefined),
    repeated('application/'),
    repeated('a+'),
    repeated(';='),
  ],
  [
    'Origin',
    (text) => isAllowedOrigin({ origin: text, host: 'a' }, []),
    (size) => `https://${'a.'.repeat(size / 2)}`,
    (size) => `https://${'@'.repeat(size)}`,
  ],
  ['a cursor', (text) => attempt(() => cursors.decode(text)), repeated('A'), repeated('=')],
  [
    'an instant',
    parseInstant,
    (size) => `2024-01-01T00:00:00.${'0'.repeat(size)}1Z`,
    (size) => `2024-01-01T00:00:00.${'1'.repeat(size)}`,
  ],
  [
    'a duration',
    (text) => attempt(() => parseDuration(text)),
    repeated('P1W'),
    (size) => `P${'1'.repeat(size)}`,
  ],
  [
    'a DateTime',
    (text) => attempt(() => GraphQLDateTime.parseValue(text)),
    (size) => `2024-01-01T00:00:00.${'1'.repeat(size)}`,
  ],
  ['a UUID', (text) => attempt(() => GraphQLUUID.parseValue(text)), repeated('0'), repeated('-')],
  [
    'an e-mail address',
    (text) => attempt(() => GraphQLEmailAddress.serialize(text)),
    repeated('a.'),
    (size) => `a@${'a.'.repeat(size / 2)}`,
    (size) => `a@${'a'.repeat(size)}`,
    (size) => `a@${'a-'.repeat(size / 2)}.`,
  ],
  [
    'a payload key',
    isPersonalKey,
    repeated('userEmai'),
    repeated('aB'),
    repeated('A'),
    repeated('_'),
    repeated('\u0301'),
    repeated('\u0301\u0323'),
    repeated('1'),
    ...[repeated('00 '), repeated(' ('), repeated('+1 '), repeated('a_'), repeated('\u0430_')],
  ],
  ['a key of a user', isUserKey, repeated('\u0301\u0323'), repeated('user'), repeated('uid')],
  [
    'a filter into a predicate',
    (text) => toPredicate(filterOf(text))({} as StoredEvent),
    repeated('a'),
  ],
  ['a filter into a query', (text) => toQuery(filterOf(text)), repeated('a')],
  [
    'an event stream in chunks of 7 characters',
    (text) => {
      const parser = createParser({});
      for (let at = 0; at < text.length; at += 7) parser.feed(text.slice(at, at + 7));
    },
    (size) => `data: ${'x'.repeat(size)}\n\n`,
    repeated('data: x\n\n'),
    repeated('data: x\n'),
    repeated('\r'),
  ],
  [
    'an event stream in one chunk',
    (text) => createParser({}).feed(text),
    repeated('data: x\n\n'),
    repeated('\n'),
  ],
];

describe.each(READERS)('parsing %s takes linear time', (_, read, ...makers) => {
  test.each(makers.map((make, index) => [index, make] as const))(
    'adversarial input %i',
    async (_, make) => {
      expect(await growthOf(make, read, TEXT_CHARS)).toBeLessThan(MAX_GROWTH);
    },
  );
});

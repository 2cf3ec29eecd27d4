import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import type { NewEvent, StoredEvent } from '../../src/catalog/event.ts';
import type { JsonObject, JsonValue } from '../../src/catalog/json.ts';
import { openPatientLog } from '../log/open-logs.ts';
import { freshDatabase } from '../utils/database.ts';
import { createPerson, eventAbout } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

const EVENTS = 120;
/** Ids of erased users: a text, one that may be a number, a UUID, and a short one. */
const ADA = '48213377K';
const NUMBER = '82736451';
const UUID = randomUUID();
const SHORT = '42A';
const ERASED = [ADA, NUMBER, UUID, SHORT];
const bob = createPerson();
const people = new Map(ERASED.map((id) => [id, { ...createPerson(), id }]));
/** Earlier logins have made their contacts known. */
const logins = [...people.values()].map((person) => eventAbout(person, 'user_first_logged_in'));

/** Any JSON with an id or contact at any place, also as a key. */
const shapeWith = (id: string) => {
  const { email, phone } = people.get(id) ?? bob;
  const contacts = [email, Number(phone), `0034 ${phone}`, `to ${email.toUpperCase()}, x`];
  const scalars = [id, Number(NUMBER), bob.id, id.slice(1), 42, -0.5, null, true, 'text', ''];
  const keys = [
    ...['user_id', 'userId', 'from_user_ids', 'from', 'participants', 'member', 'id', 'note'],
    ...['__proto__', 'constructor', 'email', 'user', '', id, phone],
  ];
  return fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<JsonValue>(
        ...(id === NUMBER ? scalars : scalars.toSpliced(1, 1)),
        ...contacts,
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc
      .array(fc.tuple(fc.constantFrom(...keys), tie('value')), { maxLength: 4 })
      .map((members) => Object.fromEntries(members)),
  })).object;
};

/** An event of any type, of another user or of no user, that may name one of them. */
const anyEvent = fc
  .constantFrom(...ERASED)
  .chain((id) =>
    fc.record({
      type: fc.oneof(
        fc.constantFrom('message_sent', 'user_first_logged_in', 'installation_created'),
        fc.constantFrom('a_new_type', `x_${id}`, `of:${id}.seen`, id),
      ),
      isOfBob: fc.boolean(),
      grown: shapeWith(id),
      extra: fc.option(shapeWith(id), { nil: undefined }),
    }),
  )
  .map(({ type, isOfBob, grown, extra = {} }) => {
    const { user_id: _, ...rest } = grown;
    const isKnown = catalog.some(({ name }) => name === type);
    const payload = isKnown ? { grown } : { ...rest, user_id: isOfBob ? bob.id : null };
    return eventAbout(bob, type, { payload: payload as JsonObject, extra: { more: extra } });
  });

const shown = ({ receivedAt: _, ...event }: StoredEvent) => event;

test('intake changes an event exactly as an erasure changes the stored one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const events = fc.sample(anyEvent, { numRuns: EVENTS, seed });
      const storedBefore = await outcome(events, 'events first');
      const storedAfter = await outcome(events, 'erasure first');
      expect(storedBefore.again).toEqual(Array(EVENTS).fill('duplicate'));
      expect(storedAfter.again).toEqual(storedBefore.again);
      expect(storedAfter.events.map(shown)).toEqual(storedBefore.events.map(shown));
      expect([storedBefore.places, storedAfter.places]).toEqual([[], []]);
      const changed = storedBefore.events.filter(
        (event, index) => JSON.stringify(event) !== JSON.stringify({ ...event, ...events[index] }),
      );
      // Both outcomes occurred.
      expect(changed.length).toBeGreaterThan(EVENTS / 4);
      expect(changed.length).toBeLessThan(EVENTS);
    }),
    // Shrinking would fill databases for minutes.
    { numRuns: 4, endOnFailure: true },
  );
});

async function outcome(events: readonly NewEvent[], order: 'events first' | 'erasure first') {
  const { uri, drop } = await freshDatabase();
  const log = await openPatientLog({ uri, erasureAnnounceMs: 5 });
  try {
    const append = () => Promise.all(events.map((event) => log.appender.append(event, 200)));
    await Promise.all(logins.map((event) => log.appender.append(event, 200)));
    if (order === 'events first') await append();
    for (const id of ERASED) await log.eraser.erase(id);
    if (order === 'erasure first') await append();
    const upTo = await log.tailer.catchUp();
    const after = logins.length;
    const stored = await log.reader.read({ after, upTo }, { limit: 2 * EVENTS });
    const traces = [...people.values()].flatMap(({ id, email, phone }) => [email, phone, id]);
    const places = await placesOf(
      uri,
      // A short id occurs in other texts.
      traces.filter((trace) => trace !== SHORT && trace !== NUMBER && trace !== ADA),
    );
    const again = (await append()).map(({ status }) => status);
    return { events: stored.events, places, again };
  } finally {
    await log.close();
    await drop();
  }
}

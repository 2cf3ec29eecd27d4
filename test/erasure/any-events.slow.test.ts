import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/catalog/json.ts';
import { openPatientLog } from '../log/open-logs.ts';
import { freshDatabase } from '../utils/database.ts';
import { insertQuarantined } from '../utils/insert-quarantined.ts';
import {
  createPerson,
  deliveryAbout,
  eventAbout,
  type Person,
  someTypes,
  tracesOf,
} from './someone.ts';
import { placesOf } from './stored-bytes.ts';

const EVENTS = 150;
const PEOPLE = 6;
const ERASED = 3;

/** A value that names a person at some depth, with contacts beside the name. */
const naming = (people: readonly Person[]): fc.Arbitrary<JsonValue> => {
  const someone = fc.constantFrom(...people);
  const leaf: fc.Arbitrary<JsonValue> = fc.oneof(
    someone.map(({ id, email }) => ({ user_id: id, email, note: 'x' })),
    someone.map(({ id, phone }) => ({ invitedUserId: id, contact: { phone } })),
    fc.array(someone, { maxLength: 3 }).map((list) => ({ user_ids: list.map(({ id }) => id) })),
    someone.map(({ id }) => ({ [id]: 1, recipient: id })),
    someone.chain((person) =>
      fc.constantFrom(...writtenContacts(person)).map((text) => ({ note: `to ${text}, x`, n: 1 })),
    ),
    someone.map(({ phone, email }) => [email.toUpperCase(), Number(phone), 'x']),
    someone.map(({ phone, email }) => ({ [phone]: email, reach: { email } })),
    fc.constantFrom<JsonValue>(5, 'text', null, true, { toString: 1 }, []),
  );
  return leaf.chain((value) =>
    fc.constantFrom<JsonValue>(value, [value, 1], { a: value, b: 2 }, [{ deep: [value] }]),
  );
};

/** Notations of a person's address and number in a text. */
const writtenContacts = ({ phone, email }: Person) => [
  email,
  email.toUpperCase(),
  phone,
  phone.replace(/(\d{3})(?=\d)/g, '$1 '),
  `+34${phone}`,
  `0034 ${phone.replace(/(\d{2})(?=\d)/g, '$1-')}`,
];

const anything = (people: readonly Person[]) =>
  fc.record({
    person: fc.constantFrom(...people),
    type: fc.constantFrom(...someTypes),
    payload: fc.option(naming(people), { nil: undefined }),
    extra: fc.option(naming(people), { nil: undefined }),
    refused: fc.boolean(),
  });

test('no byte of erased users remains in random events, and everything else is unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const database = await freshDatabase();
      const log = await openPatientLog({ uri: database.uri, erasureAnnounceMs: 5 });
      try {
        const people = Array.from({ length: PEOPLE }, createPerson);
        const erased = people.slice(0, ERASED);
        const samples = fc.sample(anything(people), { numRuns: EVENTS, seed });
        const sent = samples.map(({ person, type, payload, extra }) => ({
          person,
          type,
          delivery: {
            ...(payload !== undefined && { payload: { grown: payload } as JsonObject }),
            ...(extra !== undefined && { extra: { more: extra } as JsonObject }),
          },
        }));
        const logins = people.map((person) => eventAbout(person, 'user_first_logged_in'));
        const others = sent.map(({ person, type, delivery }) => eventAbout(person, type, delivery));
        const events = [...logins, ...others];
        await Promise.all(events.map((event) => log.appender.append(event, 100)));
        await insertQuarantined(
          database.uri,
          samples.flatMap(({ refused, person, type, payload }) =>
            refused
              ? [{ body: deliveryAbout(person, type, { payload: { x: payload ?? 1 } }).slice(1) }]
              : [],
          ),
        );
        const read = async () => {
          const upTo = await log.tailer.catchUp();
          return (await log.reader.read({ after: 0, upTo }, { limit: 1_000 })).events;
        };
        const before = await read();
        for (const { id } of erased) await log.eraser.erase(id);

        expect(
          await placesOf(
            database.uri,
            erased.flatMap((person) => [person.id, ...writtenContacts(person)]),
          ),
        ).toEqual([]);
        // The installations of the erased users have no other user here, so nothing finds them.
        expect(await placesOf(database.uri, erased.flatMap(tracesOf))).toEqual([]);
        const after = await read();
        expect(after.map(({ position, type }) => [position, type])).toEqual(
          before.map(({ position, type }) => [position, type]),
        );
        const isErased = (text: string) =>
          erased.some((one) =>
            [...tracesOf(one), ...writtenContacts(one)].some((trace) => text.includes(trace)),
          );
        for (const [index, event] of before.entries()) {
          if (!isErased(JSON.stringify(event))) expect(after[index]).toEqual(event);
          // An event that only mentions an erased user keeps its own user.
          else if (people.slice(ERASED).some(({ id }) => id === event.userId)) {
            expect(after[index]?.userId).toBe(event.userId);
          }
        }
        // Everything is sent again: nothing returns, and nothing of the others is lost or doubled.
        for (const event of events) {
          const { status } = await log.appender.append(event, 100);
          // An event of an erased user, or without a user on an installation that only they used.
          const isOfErased = erased.some(
            ({ id, installation }) =>
              id === event.userId ||
              (event.userId === null && event.installationId === installation),
          );
          expect(status).toBe(isOfErased ? 'erased' : 'duplicate');
        }
        expect(await placesOf(database.uri, erased.flatMap(tracesOf))).toEqual([]);
      } finally {
        await log.close();
        await database.drop();
      }
    }),
    // Seed 0: an event without a user, on an installation of one of them, names the other two.
    { numRuns: 8, examples: [[0]] },
  );
});

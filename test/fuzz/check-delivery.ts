import { isDeepStrictEqual } from 'node:util';
import mongoose from 'mongoose';
import type { NewEvent } from '../../src/catalog/event.ts';
import { objectTypeName } from '../../src/catalog/well-formed.ts';
import { rawUsers } from '../../src/log/state/raw-users.ts';
import { fromDocument, toDocument } from '../../src/storage/event-document.ts';
import { looksCompressed } from '../../src/webhook/is-compressed.ts';
import { parseDelivery } from '../../src/webhook/parse-delivery.ts';
import { parsedEvent } from '../utils/parsed-event.ts';
import type { GeneratedBody } from './generate/body.ts';
import { type Accepted, type ReadDelivery, readDelivery } from './oracle/read-delivery.ts';
import { canonicalText, millisecondsOf } from './oracle/read-instant.ts';

const { BSON } = mongoose.mongo;
const RECEIVED_AT = new Date('2026-01-01T00:00:00Z');

/** Whether a delivery is taken, or the problem for which it is refused. */
export type Verdict = 'taken' | Exclude<ReadDelivery['problem'], undefined>;

/**
 * Reads a body as the webhook does, and compares the reading with the oracle's: the problem, or the
 * event as it is parsed, stored and read, and its identity.
 *
 * @throws Error with both readings where they differ, and every error of the parser
 */
export function checkDelivery(body: GeneratedBody): Verdict {
  const expected = readDelivery(body.bytes);
  const parsed = parseDelivery(body.bytes, RECEIVED_AT);
  if (parsed.kind === 'refused') return checkRefusal(parsed.problem, body, expected);
  if (expected.problem !== undefined) throw new Error(`taken instead of ${expected.problem}`);
  const { event } = parsed;
  checkContent(event, expected);
  const stored = BSON.deserialize(BSON.serialize(toDocument(event, 1)));
  const read = fromDocument(stored as ReturnType<typeof toDocument>);
  checkContent(read, expected);
  assertEqual('the object type', objectTypeName(read), objectTypeName(event));
  checkIdentity(event, expected);
  return 'taken';
}

function checkRefusal(problem: string, body: GeneratedBody, expected: ReadDelivery): Verdict {
  assertEqual('the problem', problem, expected.problem);
  if (body.isCompressed) assertEqual('looks compressed', looksCompressed(body.bytes), true);
  // Intake searches what it keeps for erased users.
  for (const id of rawUsers(body.bytes).ids) if (typeof id !== 'string') throw new Error('no id');
  return expected.problem ?? 'taken';
}

/** Compares an event with the oracle's reading. */
export function checkContent(event: NewEvent, expected: Accepted): void {
  const { instant, userId, typeName, occurredText, payload, extra } = expected;
  assertEqual('the instant', event.occurredOn.getTime(), millisecondsOf(instant));
  assertEqual(
    'the texts',
    [event.typeName, event.occurredText, event.userId],
    [typeName, occurredText, userId],
  );
  // As text, since equality in JavaScript ignores members of the name `__proto__`.
  assertEqual(
    'the members',
    JSON.stringify([event.payload, event.extra]),
    JSON.stringify([payload, extra]),
  );
}

/** The same event in another notation has the same identity; a change of it has another one. */
function checkIdentity({ digest }: NewEvent, expected: Accepted): void {
  const { instant, payload, typeName: type } = expected;
  const occurred_on = canonicalText(instant);
  const payloadReversed = Object.fromEntries(Object.entries(payload).reverse());
  const sameAs = (change: object) => {
    const body = { payload: payloadReversed, occurred_on, type, ...change };
    const bytes = Buffer.from(JSON.stringify(body, null, 1));
    return parsedEvent(bytes, RECEIVED_AT).digest.equals(digest);
  };
  assertEqual('the identity of the same', sameAs({}), true);
  assertEqual(
    'that of another instant',
    sameAs({ occurred_on: occurred_on.replace('Z', '1Z') }),
    false,
  );
  assertEqual('that of another type', sameAs({ type: type === 'a' ? 'b' : 'a' }), false);
  assertEqual(
    'that of another payload',
    sameAs({ payload: { ...payload, '': payload[''] === 0 ? 1 : 0 } }),
    false,
  );
}

/** @throws Error with both values unless they are equal */
export function assertEqual(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import type { EventDocument } from '../../src/storage/documents.ts';
import { fromDocument } from '../../src/storage/event-document.ts';
import { bytesOf, type StoredData } from '../utils/open-stored-data.ts';
import { parsedEvent } from '../utils/parsed-event.ts';
import type { TestServer } from '../utils/server.ts';
import { useServer } from '../utils/use-server.ts';
import { waitForInbox } from '../utils/wait-for-inbox.ts';
import { assertEqual, checkContent } from './check-delivery.ts';
import { type GeneratedRequest, generatedRequest } from './generate/request.ts';
import { headerOf, SECRETS } from './generate/signatures.ts';
import { type ReadDelivery, readDelivery } from './oracle/read-delivery.ts';
import { type Answer, postRequest } from './post-request.ts';
import { printCount, runProperty, seed } from './run-property.ts';

const BATCHES = 60;
/** Deliveries of a batch, which are posted at once. */
const BATCH = 50;
const STATUSES = { 'invalid-json': 400, 'json-not-exact': 422, 'invalid-envelope': 422 } as const;

let server: TestServer;
let storedData: StoredData;
useServer(
  (started) => {
    ({ server, storedData } = started);
  },
  { webhookSecrets: SECRETS },
);

test(`a server answers and stores ${BATCHES * BATCH} deliveries over HTTP as libraries read them`, async () => {
  const counts: Record<number, number> = {};
  const batches = fc.array(generatedRequest, { minLength: BATCH, maxLength: BATCH });
  const property = fc.asyncProperty(batches, async (requests) => {
    const posted = await Promise.all(
      requests.map(async (request) => ({
        request,
        answer: await postRequest(server.url, request),
      })),
    );
    const isWaiting = ({ answer: { body } }: Posted) => body.id && body.position === undefined;
    if (posted.some(isWaiting)) await waitForInbox(server.mongodbUri);
    const stored = await storedOf(posted);
    for (const one of posted) {
      counts[one.answer.status] = (counts[one.answer.status] ?? 0) + 1;
      try {
        checkAnswer(one, stored);
      } catch (error) {
        throw new Error(`${(error as Error).message}, for ${fc.stringify(one.request)}`);
      }
    }
  });
  await runProperty(property, BATCHES);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  printCount(`${total} deliveries over HTTP, FUZZ_SEED=${seed}: ${JSON.stringify(counts)}`);
  expect(total).toBe(BATCHES * BATCH);
  const errors = server.logLines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50);
  // On a busy machine the database may be late with an answer.
  expect(errors.filter(({ err }) => err?.type !== 'LogUnavailableError')).toEqual([]);
});

interface Posted {
  request: GeneratedRequest;
  answer: Answer;
}

/** What the database holds of a batch: events by digest, and quarantined bytes by their SHA-256. */
interface Stored {
  events: ReadonlyMap<string, EventDocument>;
  quarantine: ReadonlyMap<string, Buffer>;
}

async function storedOf(posted: readonly Posted[]): Promise<Stored> {
  const digests = posted.flatMap(({ request, answer }) =>
    answer.status === 200 ? [digestOf(request)] : [],
  );
  const sums = posted.map(({ request }) => sumOf(request));
  const find = (name: 'events' | 'quarantine', ids: readonly Buffer[]) =>
    storedData
      .collection(name)
      .find({ _id: { $in: ids.map((id) => new mongoose.mongo.Binary(id)) as never[] } })
      .toArray();
  const [events, quarantine] = await Promise.all([
    find('events', digests),
    find('quarantine', sums),
  ]);
  return {
    events: new Map(events.map((event) => [hex(event._id), event as unknown as EventDocument])),
    quarantine: new Map(quarantine.map(({ _id, raw }) => [hex(_id), bytesOf(raw)])),
  };
}

function checkAnswer({ request, answer }: Posted, { events, quarantine }: Stored): void {
  const { bytes } = request.body;
  const { status, body } = answer;
  const { isValid } = headerOf(request.signatures, bytes);
  const answered = [status, body.quarantined];
  // Bytes that are not JSON may look compressed.
  const rightStatus = (right: number) => (status === 415 && right === 400 ? 415 : right);
  const expected = readDelivery(bytes);
  if (!isValid) {
    // GraphQL asks for a token.
    const isRefused = request.isRightPath || request.target === '/graphql';
    assertEqual('the answer', answered, [isRefused ? 401 : 404, undefined]);
  } else if (!request.isRightPath || expected.problem !== undefined) {
    const right = request.isRightPath ? rightStatus(statusOf(expected)) : 404;
    assertEqual('the answer', answered, [right, true]);
    assertEqual('kept', quarantine.get(sumOf(request).toString('hex'))?.equals(bytes), true);
  } else {
    assertEqual('the answer', [status, body.status === 'erased'], [200, false]);
    const event = events.get(digestOf(request).toString('hex'));
    if (!event) throw new Error('answered 200, and not in the log');
    // A duplicate may have another text of the same instant, or other members of the envelope.
    if (body.status === 'stored') checkContent(fromDocument(event), expected);
  }
}

function statusOf({ problem }: ReadDelivery): number {
  return problem === undefined ? 200 : STATUSES[problem];
}

const digestOf = ({ body }: GeneratedRequest) => parsedEvent(body.bytes).digest;
const sumOf = ({ body }: GeneratedRequest) => createHash('sha256').update(body.bytes).digest();
const hex = (binary: unknown) => bytesOf(binary as mongoose.mongo.Binary).toString('hex');

import { expect, onTestFinished, test } from 'vitest';
import { declareRestored } from '../../src/log/declare-restored.ts';
import { createProjectionBatches } from '../../src/projections/projection-batches.ts';
import { pruneOnce } from '../../src/projections/prune-projections.ts';
import { appendAndFind, emptyDatabase, openLog } from '../log/open-logs.ts';
import { type Data, openGraph } from './open-graph.ts';
import { groupBy, messageOf } from './oracle.ts';
import { someLives } from './some-lives.ts';
import { storedDocuments } from './stored-documents.ts';

const REMOVED = 90;

test('removed events are in no list and no count, and their documents are deleted', async () => {
  const graph = await openGraph();
  onTestFinished(() => graph.close());
  const { log } = graph;
  const all = await graph.append(someLives(100, 21));
  await graph.views.caughtUp();
  const { bounds, events } = log.collections;
  await bounds.updateOne({ _id: 'bounds' }, { $max: { removedUpTo: REMOVED } }, { upsert: true });
  await log.state.refresh();
  // The removal is announced, and half of it is done.
  await events.deleteMany({ position: { $lte: REMOVED / 2 } });

  const left = all.filter(({ position }) => position > REMOVED);
  const users = groupBy(left, ({ userId }) => userId);
  const messages = groupBy(
    left,
    (event) => messageOf(event) && `${messageOf(event)}:${event.userId}`,
  );
  const installations = groupBy(left, ({ installationId }) => installationId);
  expect(messages.size).toBeLessThan(groupBy(all, messageOf).size);
  const shown = await graph.read(`{
    users { edges { cursor node { userId eventCounts { count } events { edges { cursor } } } } }
    installations { edges { node { installationId } } }
    messages { edges { node { messageId userId sentOn } } }
  }`);
  const nodesOf = (name: string): Data[] => shown[name].edges.map(({ node }: Data) => node);
  expect(new Set(nodesOf('users').map(({ userId }) => userId))).toEqual(new Set(users.keys()));
  for (const { userId, eventCounts, events } of nodesOf('users')) {
    const count = eventCounts.reduce((sum: number, each: Data) => sum + each.count, 0);
    expect([count, events.edges.length]).toEqual(Array(2).fill(users.get(userId)?.length));
  }
  expect(new Set(nodesOf('installations').map((each) => each.installationId))).toEqual(
    new Set(installations.keys()),
  );
  expect(new Set(nodesOf('messages').map((each) => `${each.messageId}:${each.userId}`))).toEqual(
    new Set(messages.keys()),
  );
  // A list cursor stays valid even if its event is removed.
  const { cursor } = shown.users.edges[0];
  const behind = await graph.read(
    'query ($c: String) { users(after: $c) { edges { cursor } } }',
    undefined,
    { c: cursor },
  );
  expect(behind.users.edges).toEqual(
    shown.users.edges.slice(1).map(({ cursor }: Data) => ({ cursor })),
  );

  await pruneOnce(log.collections, REMOVED, new AbortController().signal);
  const stored = await storedDocuments(log.collections);
  expect(new Set(stored.users.map(({ _id }) => _id))).toEqual(new Set(users.keys()));
  expect(new Set(stored.messages.map(({ _id }) => _id))).toEqual(new Set(messages.keys()));
  expect(new Set(stored.installations.map(({ _id }) => _id))).toEqual(
    new Set(installations.keys()),
  );
});

test('documents of one event are deleted though a chunk ends between them', async () => {
  const { log } = await openLog(await emptyDatabase());
  const { userContacts } = log.collections;
  const at = new Date(0);
  // The last event has an address and a phone number; a chunk has 1,000 documents.
  const positions = [...Array.from({ length: 999 }, (_, index) => index + 1), 1_000, 1_000];
  await userContacts.insertMany(
    positions.map((position, index) => ({
      ...{ _id: `${index}:ana`, contact: `${index}`, userId: 'ana' },
      ...{ position, lastPosition: position, firstSeen: at, lastSeen: at },
    })),
  );
  await pruneOnce(log.collections, 1_000, new AbortController().signal);
  expect(await userContacts.countDocuments({})).toBe(0);
});

test('the positions skipped by a restore do not stop the projections', async () => {
  const uri = await emptyDatabase();
  const before = await openLog(uri);
  const [first, second] = [someLives(20, 22), someLives(20, 23)];
  await Promise.all(first.map((event) => before.log.appender.append(event, 100)));
  await createProjectionBatches(before.log).applyNext(10);
  await declareRestored(before.log.collections, { skip: 1_000_000, announceMs: 0 });
  await before.log.close();

  const { log } = await openLog(uri);
  const results = await Promise.all(second.map((event) => appendAndFind(log, event)));
  const head = await log.tailer.catchUp();
  expect(head).toBe(Math.max(...results.map(({ position }) => position)));
  expect(head).toBeGreaterThan(1_000_000);
  const pages = createProjectionBatches(log);
  let reached = await pages.readCheckpoint();
  while (reached < head) reached = await pages.applyNext(100);
  const named = new Set([...first, ...second].map(({ userId }) => userId));
  named.delete(null);
  expect(await log.collections.users.countDocuments({})).toBe(named.size);
});

test('redeliveries are counted in the event, and an erasure removes the count', async () => {
  const uri = await emptyDatabase();
  const [event] = someLives(200, 24).filter(({ userId }) => userId === 'ana');
  const [other] = someLives(200, 25).filter(({ userId }) => userId === 'bo');
  if (!event || !other) throw new Error('nobody there');
  const counting = await openLog(uri, { countsRepeats: true });
  const at = (ms: number) => new Date(event.receivedAt.getTime() + ms);
  const append = (receivedAt: Date) => counting.log.appender.append({ ...event, receivedAt }, 100);
  await Promise.all([append(at(0)), append(at(1)), append(at(7))]);
  await append(at(5));
  await counting.log.appender.append(other, 100);
  // Pending counts are written at the close.
  await counting.log.close();

  const graph = await openGraph({ uri, erasureAnnounceMs: 20 });
  onTestFinished(() => graph.close());
  const read = async () => {
    const { events } = await graph.read(
      '{ events { edges { node { delivery { repeats lastRepeatedAt receivedAt } } } } }',
    );
    return events.edges.map(({ node }: Data) => node.delivery);
  };
  const receivedAt = at(0).toISOString();
  const none = { repeats: 0, lastRepeatedAt: null };
  expect(await read()).toEqual([
    { repeats: 3, lastRepeatedAt: at(7).toISOString(), receivedAt },
    { ...none, receivedAt: other.receivedAt.toISOString() },
  ]);
  await graph.log.eraser.erase('ana');
  expect((await read())[0]).toEqual({ ...none, receivedAt });
});

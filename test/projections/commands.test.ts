import { expect, onTestFinished, test } from 'vitest';
import type { NewEvent } from '../../src/catalog/event.ts';
import { newEvent } from '../log/new-event.ts';
import { freshDatabase } from '../utils/database.ts';
import { startRelay } from '../utils/relay.ts';
import { openGraph } from './open-graph.ts';

const USERS = 40;
const uuid = (letter: string, n: number) =>
  `${letter.repeat(8)}-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Users with one device, one login and one read message each. */
function livesOf(count: number): NewEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const about = { user_id: `user-${n}`, installation_id: uuid('a', n) };
    const message = { ...about, message_id: uuid('b', n), speciality: 'work', professional_id: n };
    const device = { os_name: 'ios', os_version: '16', device_model: 'x' };
    return [
      newEvent(
        { ...device, installation_id: about.installation_id },
        { type: 'installation_created' },
      ),
      newEvent({ ...about, status: 2 }, { type: 'user_logged_in' }),
      newEvent(message, { type: 'message_sent' }),
      newEvent(message, { type: 'message_read' }),
    ];
  }).flat();
}

/** A database whose queries are counted on the wire: only they have a time limit. */
async function countedDatabase() {
  const database = await freshDatabase();
  const target = new URL(database.uri);
  let count = 0;
  const relay = await startRelay({
    target: { hostname: target.hostname, port: Number(target.port) },
    onRequest(chunk) {
      if (!chunk.includes('maxTimeMS')) return chunk;
      for (const command of ['\u0002find\0', '\u0002aggregate\0']) {
        if (chunk.includes(command)) count += 1;
      }
      return chunk;
    },
  });
  onTestFinished(async () => {
    await relay.close();
    await database.drop();
  });
  const uri = new URL(database.uri);
  uri.port = String(relay.port);
  return {
    uri: uri.href,
    async during(work: () => Promise<unknown>) {
      const before = count;
      await work();
      return count - before;
    },
  };
}

const documents = {
  'what is said of users': `query ($first: Int) { users(first: $first) { edges { node {
    userId firstSeen lastSeen status statusHistory { since } coverageName eventCounts { count } } } } }`,
  'lists below users': `query ($first: Int) { users(first: $first) { edges { node {
    events(first: 3) { edges { node { typeName user { status } message { readOn } } } pageInfo { hasNextPage } }
    installations(first: 1) { edges { node { osName lastSeen } } }
    messages(last: 2) { edges { node { readOn user { lastSeen } } } } } } } }`,
  'what is said of installations': `query ($first: Int) { installations(first: $first) { edges { node {
    osName uninstalledOn lastSeen users(first: 2) { edges { node { status } } } events(last: 2) { edges { cursor } } } } } }`,
  'links of events': `query ($first: Int) { events(first: $first) { edges { node {
    user { status } installation { osName } message { readOn } delivery { repeats } } } } }`,
  messages: `query ($first: Int) { messages(first: $first) { edges { node { readOn user { status } } } } }`,
};

test('the number of database commands does not depend on the page size', async () => {
  const database = await countedDatabase();
  const graph = await openGraph({ uri: database.uri });
  onTestFinished(() => graph.close());
  await graph.append(livesOf(USERS));
  for (const [name, document] of Object.entries(documents)) {
    // Brings the documents up to date, so that the next query does not wait.
    await graph.read(document, undefined, { first: 1 });
    const one = await database.during(() => graph.read(document, undefined, { first: 2 }));
    const many = await database.during(() => graph.read(document, undefined, { first: USERS }));
    expect(one, name).toBeGreaterThan(0);
    expect(many, `${name}: ${one} for 2, ${many} for ${USERS}`).toBeLessThanOrEqual(one + 3);
  }
});

import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { signToken } from '../../../src/auth/sign-token.ts';
import { holdLongTimers } from '../../auth/hold-long-timers.ts';
import { headOf, storedCursors } from '../../client/stored-cursors.ts';
import { freshDatabase } from '../../utils/database.ts';
import { startRelay } from '../../utils/relay.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../../utils/server.ts';
import { clients } from './clients.ts';
import { expectColumn, expectEachOnce } from './expect-table.ts';
import { cursorsOf, followAll, limits, postToAll } from './follow-all.ts';
import type { Follower, ReceivedEvent } from './follower.ts';
import { columnOf } from './table.ts';

const HOUR_MS = 3_600_000;
/** Line ends of some readers, and other characters that break naive ones. */
const ODD = 'a\u2028b\u2029c\u0085d\0e😀f\ufeffg\r\nh\u001ei\\"';

/** Says where a client has continued. */
function continuation(follower: Follower, stored: readonly string[]): string {
  const cursors = cursorsOf(follower);
  const isRepeated = new Set(cursors).size < cursors.length;
  if (follower.end) return isRepeated ? 'shows the last event again, ends' : 'ends';
  if (!isRepeated) return 'reconnects, resumes after the last event';
  return cursors.indexOf(stored[0] ?? '', 1) > 0
    ? 'reconnects, repeats the events since its first `after`'
    : 'reconnects, repeats some events';
}

test('clients do what the table says after a restart elsewhere and lost connections', async () => {
  const { uri: mongodbUri, drop } = await freshDatabase();
  const before = await startTestServer({ mongodbUri, limits });
  const again = await startTestServer({ mongodbUri, limits });
  const portOf = ({ url }: TestServer) => Number(new URL(url).port);
  const target = { hostname: '127.0.0.1', port: portOf(before) };
  const relay = await startRelay({ target });
  onTestFinished(async () => {
    await relay.close();
    await again.close();
    await drop();
  });
  const after = await headOf(before);
  const all = followAll(`http://127.0.0.1:${relay.port}`, before.token, after);
  await postToAll(all, before);

  target.port = portOf(again);
  await before.close();
  await again.post('message_sent');
  await postToAll(all, again);

  relay.cut();
  await again.post('message_sent');
  await postToAll(all, again);

  const stored = await storedCursors(again);
  expectColumn('after a lost connection', all, ({ follower }) => continuation(follower, stored));
  expectEachOnce(all, stored);
});

test('clients do what the table says when their token expires', async () => {
  const timers = holdLongTimers();
  const server = await startTestServer({ limits });
  onTestFinished(() => server.close());
  const scope = 'events:read pii:read';
  let lifetime = '2 hours';
  const token = () => signToken(JWT_SECRET, { user: undefined, scope }, lifetime);
  const all = followAll(server.url, token, await headOf(server));
  await postToAll(all, server);

  lifetime = '60 days';
  timers.fire(2 * HOUR_MS);
  await postToAll(all, server);

  const stored = await storedCursors(server);
  expectColumn('when its token expires', all, ({ follower }) => {
    const shown = [...new Set(follower.errors)].map((code) => `shows \`${code}\``);
    return [...shown, continuation(follower, stored)].join(', ');
  });
  expectEachOnce(all, stored);
  for (const { name, follower, tokens } of all) {
    expect([name, follower.end === undefined]).toEqual([name, tokens() > 1]);
  }
});

test('clients do what the table says about an event with a hidden field', async () => {
  const server = await startTestServer({ limits });
  onTestFinished(() => server.close());
  const token = () => server.token({ sub: 'me', scope: 'events:read' });
  const all = followAll(server.url, token, await headOf(server));
  await postToAll(all, server);
  await server.post('user_first_logged_in', { user_id: 'other', email: 'other@example.com' });
  await postToAll(all, server);

  expectColumn('an event with a hidden field', all, ({ follower }) => {
    const { events, errors, end } = follower;
    const isShown = events.some(({ userId }) => userId === 'other');
    const [code, isRepeated] = errors;
    const shown = [isShown ? 'shows it' : 'does not show it'];
    if (code) shown.push(`\`${code}\`${isRepeated ? ' with it and each later event' : ''}`);
    if (end) shown.push('ends');
    return shown.join(', ');
  });
  const stored = await storedCursors(server);
  for (const { name, isHelped, follower } of all) {
    if (isHelped) expect([name, cursorsOf(follower)]).toEqual([name, stored]);
  }
});

test('clients pass on malformed events and odd characters, stored and live', async () => {
  const server = await startTestServer({ limits });
  onTestFinished(() => server.close());
  const after = await headOf(server);
  await server.post('message_sent', { user_id: ODD, professional_id: 'none', [ODD]: [ODD] });
  const all = followAll(server.url, server.token, after);
  await postToAll(all, server, { user_id: ODD });
  const payload = `{"installation_id":"${randomUUID()}","user_id":"cut \\ud83d"}`;
  await server.postRaw(
    `{"type":"app_opened","occurred_on":"2026-01-01T00:00:00Z","payload":${payload}}`,
  );
  await postToAll(all, server, { user_id: ODD, professional_id: null }, 'message_sent');

  const faults = [expect.stringContaining('professional_id')];
  const query = '{ events { edges { node { payload } } } }';
  const { body } = await server.query(query);
  const payloads = body.data.events.edges.map(({ node }: { node: ReceivedEvent }) => node.payload);
  expect(Object.values(payloads[0])).toContainEqual([ODD]);
  for (const { name, follower } of all) {
    expect([name, follower]).toMatchObject([
      name,
      {
        events: [
          { __typename: 'MalformedEvent', userId: ODD, faults },
          { __typename: 'AppOpened', userId: ODD },
          { __typename: 'AppOpened', userId: 'cut \\ud83d' },
          { __typename: 'MalformedEvent', userId: ODD, faults },
        ],
        errors: [],
        end: undefined,
      },
    ]);
    expect(follower.events.map((event) => event.payload)).toEqual(payloads);
  }
});

test('the table has the clients that are tested', () => {
  const names = clients.map(({ name }) => name);
  expect(Object.keys(columnOf('to receive each event once'))).toEqual(names);
});

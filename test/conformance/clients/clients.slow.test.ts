import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { signToken } from '../../../src/auth/sign-token.ts';
import { holdLongTimers } from '../../auth/hold-long-timers.ts';
import { headOf, storedCursors } from '../../client/stored-cursors.ts';
import { freshDatabase } from '../../utils/database.ts';
import { startRelay } from '../../utils/relay.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { clients, type Follow } from './clients.ts';
import type { Follower } from './follower.ts';
import { columnOf } from './table.ts';

const HOUR_MS = 3_600_000;
/** Every follower is a connection of the same viewer. */
const limits = { maxConnectionsPerViewer: 100, maxSubscriptionsPerViewer: 100 };
/** Line ends of some readers, and other characters that break naive ones. */
const ODD = 'a\u2028b\u2029c\u0085d\0e😀f\ufeffg\r\nh\u001ei\\"';

/** A client at work, alone or with its helper. */
interface Following {
  name: string;
  isHelped: boolean;
  follower: Follower;
  /** How often the client has asked for a token. */
  tokens: () => number;
}

/** Follows with every client, and with every helped one. */
function followAll(
  serverUrl: string,
  token: () => Promise<string>,
  after: string,
): readonly Following[] {
  function start(name: string, isHelped: boolean, follow: Follow): Following {
    let asked = 0;
    const counted = () => {
      asked += 1;
      return token();
    };
    const follower = follow({ url: `${serverUrl}/graphql`, token: counted, after });
    return { name, isHelped, follower, tokens: () => asked };
  }
  return clients.flatMap(({ name, alone, helped }) => [
    start(name, false, alone),
    ...(helped ? [start(name, true, helped)] : []),
  ]);
}

const cursorsOf = ({ events }: Follower) => events.map(({ cursor }) => cursor);

/** Posts an event, and waits until each client has it or has ended. */
async function postToAll(
  all: readonly Following[],
  server: TestServer,
  payload: object = {},
  type = 'app_opened',
): Promise<void> {
  await server.post(type, payload);
  const last = (await storedCursors(server)).at(-1) ?? '';
  for (const { follower } of all) {
    await waitUntil(() => follower.end !== undefined || cursorsOf(follower).includes(last));
  }
}

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

/** Compares what clients did alone with a column of the documentation. */
function expectColumn(
  title: string,
  all: readonly Following[],
  cellOf: (following: Following) => string,
): void {
  const alone = all.filter(({ isHelped }) => !isHelped);
  const observed = Object.fromEntries(alone.map((one) => [one.name, cellOf(one)]));
  expect(observed).toEqual(columnOf(title));
}

/** The helped clients, and those that need no help, have every event once, in order. */
function expectEachOnce(all: readonly Following[], stored: readonly string[]): void {
  const needsNone = columnOf('to receive each event once');
  for (const { name, isHelped, follower } of all) {
    if (!isHelped && needsNone[name] !== 'nothing') continue;
    expect([name, follower.end, cursorsOf(follower)]).toEqual([name, undefined, stored]);
  }
}

test('clients do what the table says after a restart and lost connections', async () => {
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
  expectColumn('after a lost connection or a restart', all, ({ follower }) =>
    continuation(follower, stored),
  );
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
  await server.post('message_sent', { user_id: ODD, professional_id: 'none' });
  const all = followAll(server.url, server.token, after);
  await postToAll(all, server, { user_id: ODD });
  const payload = `{"installation_id":"${randomUUID()}","user_id":"cut \\ud83d"}`;
  await server.postRaw(
    `{"type":"app_opened","occurred_on":"2026-01-01T00:00:00Z","payload":${payload}}`,
  );
  await postToAll(all, server, { user_id: ODD, professional_id: null }, 'message_sent');

  const faults = [expect.stringContaining('professional_id')];
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
  }
});

test('the table has the clients that are tested', () => {
  const names = clients.map(({ name }) => name);
  expect(Object.keys(columnOf('to receive each event once'))).toEqual(names);
});

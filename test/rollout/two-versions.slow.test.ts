import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { sign } from '../../src/webhook/sign.ts';
import { freshDatabase } from '../utils/database.ts';
import { lineOf, startEventline } from '../utils/eventline.ts';
import { openStoredData } from '../utils/open-stored-data.ts';
import { postAsSender } from '../utils/post-as-sender.ts';
import {
  deliveryOf,
  JWT_SECRET,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { unpackLastRelease } from './last-release.ts';

const query = 'subscription($after: String) { events(after: $after) { cursor } }';
const EACH = 20;
/** Side by side: twice from the old one, from the holder, and out of the inbox. */
const ALL = 4 * EACH;

let directory: string;
let mongodbUri: string;
let old: ReturnType<typeof startEventline>;
let oldUrl: string;
let now: TestServer;
/** Another one of this version, which does not hold the writer lease. */
let second: TestServer;
let token: string;

async function startOld() {
  const env = {
    ...{ MONGODB_URI: mongodbUri, WEBHOOK_SECRETS: WEBHOOK_SECRET, AUTH_JWT_SECRET: JWT_SECRET },
    PORT: '0',
  };
  return startEventline(['serve'], { cwd: directory, env, main: await unpackLastRelease() });
}

async function post(url: string): Promise<number> {
  const body = deliveryOf('message_sent');
  const response = await postAsSender(() =>
    fetch(`${url}/webhooks/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Signature': sign(body, WEBHOOK_SECRET) },
      body,
    }),
  );
  expect(response.status).toBe(200);
  return (await response.json()).position;
}

const subscribe = (url: string, after?: string) =>
  subscribeByWebSocket({ url, token, query, variables: { after } });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'eventline-rollout-'));
  token = await signToken(JWT_SECRET, { scope: 'events:read' }, '10m');
  mongodbUri = (await freshDatabase()).uri;
  old = await startOld();
  const said = await lineOf(old.child, 'stdout', /GraphQL +http/);
  old.child.stdout.resume();
  oldUrl = /http:\/\/[\d.:]+/.exec(said)?.[0] ?? '';
});
afterAll(async () => {
  old.child.kill('SIGKILL');
  await old.finished;
  await second?.close();
  await now?.close();
  await rm(directory, { recursive: true, force: true });
});

test('readers of the last release and this one, side by side, see one order', async () => {
  const fromBefore = subscribe(oldUrl);
  await fromBefore.ready;
  // A log of the last release, with one of its cursors.
  expect(await post(oldUrl)).toBe(1);
  const [{ cursor }] = await fromBefore.until(1);

  now = await startTestServer({ mongodbUri });
  second = await startTestServer({ mongodbUri });
  const positions: number[] = [];
  for (let index = 0; index < EACH; index += 1) {
    positions.push(...(await Promise.all([post(oldUrl), post(now.url)])));
  }
  const sorted = positions.sort((one, other) => one - other);
  expect(sorted).toEqual(Array.from({ length: 2 * EACH }, (_, index) => index + 2));

  // Acknowledged out of the inbox, beside the old one that does not know it.
  for (let index = 0; index < EACH; index += 1) {
    await Promise.all([post(oldUrl), post(second.url)]);
  }
  const resumed = subscribe(second.url, cursor);
  const cursorsOf = async (reader: typeof resumed, count: number) =>
    (await reader.until(count)).map((event) => event.cursor);
  const [, ...inOld] = await cursorsOf(fromBefore, 1 + ALL);
  const inNow = await cursorsOf(resumed, ALL);
  expect(inNow).toEqual(inOld);
  // And back again, as in an aborted rollout.
  const back = subscribe(oldUrl, inNow[EACH - 1]);
  expect(await cursorsOf(back, EACH)).toEqual(inNow.slice(EACH, 2 * EACH));
  await Promise.all([fromBefore, resumed, back].map((reader) => reader.close()));
});

test('the last release refuses to start once this one has written a newer format', async () => {
  const storedData = await openStoredData(mongodbUri);
  const formatVersion = async () =>
    (await storedData.collection('meta').findOne({ _id: 'log' } as object))?.formatVersion;
  // The projections raise the format; an inbox entry would raise it again.
  await waitUntil(async () => (await formatVersion()) !== 1);
  const written = await formatVersion();
  await storedData.close();
  // The running old instance continues: it was admitted before.
  const next = 2 + ALL;
  expect(await post(oldUrl)).toBe(next);
  const again = await (await startOld()).finished;
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(
    `The database was written by a newer Eventline (format ${written}; this one reads up to 1). Start that version again.`,
  );
  expect(await post(now.url)).toBe(next + 1);
});

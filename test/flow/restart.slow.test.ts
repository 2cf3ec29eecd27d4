import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { LIVE } from '../documents.ts';
import { startServerProcess } from '../utils/eventline.ts';
import { deliveryOf } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const { version } = createRequire(import.meta.url)('../../package.json');
const POSITIONS = 'query { events(first: 1000) { edges { cursor node { id } } } }';

test('after a stop and a start the log is unchanged, and a replay is complete', async () => {
  const cwd = await temporaryDirectory();
  const before = await startServerProcess({ cwd });
  const answers = [];
  for (let count = 0; count < 20; count += 1) {
    answers.push(await before.post(deliveryOf('message_sent')));
  }
  const storedBefore = await before.query(POSITIONS);
  const stopped = await before.kill('SIGTERM');
  expect(stopped.code).toBe(0);
  const logged = stopped.stderr.split('\n').filter((text) => text.startsWith('{'));
  const lines = logged.map((text) => JSON.parse(text));
  expect(lines.find(({ msg }) => msg === 'started')).toMatchObject({ url: before.url, version });
  expect(lines.at(-1)).toMatchObject({ msg: 'Stopped.' });

  const after = await startServerProcess({ cwd });
  expect(await after.query(POSITIONS)).toEqual(storedBefore);
  expect((await after.post(deliveryOf('app_opened')))?.body.position).toBe(21);

  const edges = (storedBefore as { data?: { events: { edges: { cursor: string }[] } } }).data
    ?.events.edges;
  const subscriber = subscribeByWebSocket({
    url: after.url,
    query: LIVE.toString(),
    variables: { after: edges?.[4]?.cursor },
    token: await after.token(),
  });
  const replayed = await subscriber.until(16);
  expect(replayed.slice(0, 15).map(({ id }) => id)).toEqual(
    answers.slice(5).map((answer) => answer?.body.id),
  );
  expect(replayed[15]?.typeName).toBe('app_opened');
  await subscriber.close();
  expect((await after.kill('SIGTERM')).code).toBe(0);
});

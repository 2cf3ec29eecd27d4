import { expect, test } from 'vitest';
import { insertQuarantined } from '../../../utils/insert-quarantined.ts';
import { subscribeByWebSocket } from '../../../utils/subscribe.ts';
import {
  acceptable,
  FIRST_AT,
  parseLines,
  runQuarantine,
  setUpQuarantine,
} from './set-up-quarantine.ts';

const setup = setUpQuarantine();
const run = (...args: string[]) => runQuarantine(setup, ...args);

test("retry stores acceptable deliveries, oldest first, and a running server's subscribers receive them", async () => {
  const refused = [...acceptable(2).reverse(), { body: 'not JSON', firstAt: FIRST_AT }];
  await insertQuarantined(setup.server.mongodbUri, refused);
  await setup.server.post('message_read', { user_id: 'somebody' });
  const subscriber = subscribeByWebSocket({
    url: setup.server.url,
    query: 'subscription { events(filter: { userIds: ["retried"] }) { id receivedAt } }',
    token: (await setup.server.token()).replace('Bearer ', ''),
  });
  await subscriber.ready;
  const { code, stdout } = await run('retry', '--all');
  const received = await subscriber.until(2);
  await subscriber.close();
  expect(received).toMatchObject([
    { receivedAt: '2025-03-01T10:00:00.123Z' },
    { receivedAt: '2025-03-02T10:00:00.123Z' },
  ]);
  expect(stdout).toMatch(/^[\da-f]{8} {2}stored +position 2 {2}message_sent$/m);
  expect(stdout).toMatch(
    /^[\da-f]{8} {2}refused +invalid-json: the body of \d+ bytes is not JSON/m,
  );
  expect(stdout).toMatch(/^2 stored at positions 2 to 3, 0 duplicates, 1 still refused\.$/m);
  expect(code).toBe(0);
  expect(await setup.storedData.quarantine()).toMatchObject([
    { problem: 'invalid-json', count: 1 },
  ]);
});

test('concurrent retries store each delivery once, and all succeed', async () => {
  const ids = await insertQuarantined(setup.server.mongodbUri, acceptable(20));
  const runs = await Promise.all([1, 2, 3].map(() => run('retry', '--all', '--json')));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  const stored = runs
    .flatMap(({ stdout }) => parseLines(stdout))
    .filter(({ status }) => status === 'stored');
  expect(stored.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const events = await setup.storedData.events();
  expect(events.map(({ position }) => position)).toEqual(ids.map((_, index) => index + 1));
  expect(await setup.storedData.quarantine()).toEqual([]);
});

test('retry accepts ids or a problem, and refuses ambiguous arguments', async () => {
  const [one = '', two = ''] = await insertQuarantined(setup.server.mongodbUri, acceptable(2));
  await setup.server.postRaw('not JSON');
  const [outcome] = parseLines((await run('retry', one, one.slice(0, 10), '--json')).stdout);
  expect(outcome).toMatchObject({ id: one, status: 'stored', position: 1 });
  const { body } = await setup.server.query('query($id: ID!) { event(id: $id) { userId } }', {
    id: outcome.eventId,
  });
  expect(body.data.event).toEqual({ userId: 'retried' });
  const { stdout } = await run('retry', '--problem', 'invalid-payload', '--json');
  expect(parseLines(stdout)).toMatchObject([{ id: two, status: 'stored', position: 2 }]);
  expect((await run('retry')).stderr).toContain('Give ids');
  expect((await run('retry', two, '--all')).stderr).toContain('not both');
});

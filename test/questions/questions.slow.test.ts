import { expect, test } from 'vitest';
import { graphiqlExamples } from '../../src/server/pages/graphiql-examples.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';
import { PLANS, SCOPE, useExampleLog } from './example-log.ts';
import { count, type Raw, sorted } from './raw-events.ts';

const { server, raw, refused, ofType, ask } = useExampleLog();

const user = () => raw.find(({ type }) => type === 'message_read')?.payload.user_id as string;

test('LatestEvents', async () => {
  const { events } = await ask('LatestEvents');
  const ids = events.edges.map(({ node }: { node: { id: string } }) => node.id);
  expect(ids).toEqual(raw.slice(-10).map(({ id }) => id));
});

test('UserStory: everything that happened to a user', async () => {
  const own = raw.filter(({ payload }) => payload.user_id === user());
  const plans = sorted(
    ofType('user_logged_in', 'user_first_logged_in', 'user_status_changed').filter((event) =>
      own.includes(event),
    ),
  );
  const { to_status, status } = plans.at(-1)?.payload ?? {};
  const times = sorted(own).map(({ occurred_on }) => new Date(occurred_on).toISOString());
  const { user: found } = await ask('UserStory', { userId: user() });
  expect(found).toMatchObject({
    ...{ firstSeen: times[0], lastSeen: times.at(-1) },
    currentStatus: PLANS[(to_status ?? status) as number] ?? 'UNKNOWN',
  });
  expect(
    found.eventCounts
      .map((row: { type: string; count: number }) => [row.type.toLowerCase(), row.count])
      .sort(),
  ).toEqual(
    [
      ...count(own, ({ type }) =>
        type.startsWith('appointment') || type.startsWith('survey') ? 'unknown' : type,
      ),
    ].sort(),
  );
  expect(
    found.events.edges.map(({ node }: never) => (node as { payload: object }).payload),
  ).toEqual(own.slice(-20).map(({ payload }) => payload));
});

test('UnreadMessages: messages unread for a day', async () => {
  const read = new Set(ofType('message_read').map(({ payload }) => payload.message_id));
  const unread = ofType('message_sent').filter(({ payload }) => !read.has(payload.message_id));
  const found: string[] = [];
  for (let after: string | null = null; ; ) {
    const { messages } = await ask('UnreadMessages', { after });
    found.push(
      ...messages.edges.map(({ node }: never) => (node as { messageId: string }).messageId),
    );
    if (!messages.pageInfo.hasNextPage) break;
    after = messages.pageInfo.endCursor;
  }
  expect(unread.length).toBeGreaterThan(5);
  expect(found).toEqual(unread.map(({ payload }) => payload.message_id));
});

test('OneEvent: the latest one, and whom it is about', async () => {
  const { events } = await ask('OneEvent');
  const one = raw.at(-1) as Raw;
  expect(events.edges).toMatchObject([
    {
      node: {
        id: one.id,
        typeName: one.type,
        payload: one.payload,
        delivery: { repeats: 0 },
        user: { userId: one.payload.user_id },
      },
    },
  ]);
});

const questions = graphiqlExamples.flatMap(({ query }) => /^query (\w+)/m.exec(query)?.[1] ?? []);

test.each(questions)('%s runs as it opens', async (name) => {
  expect(await ask(name)).toBeDefined();
});

test('NotUnderstood: unknown types, extended payloads and refused deliveries', async () => {
  const { unknownEventTypes, quarantine, eventTypes } = await ask('NotUnderstood');
  const unknown = ofType('appointment_booked', 'survey_answered');
  const found = unknownEventTypes.map(({ name, count }: never) => [name, count]);
  expect(new Map(found)).toEqual(count(unknown, ({ type }) => type));
  expect(quarantine.edges).toHaveLength(Math.min(10, new Set(refused).size));
  const grown = eventTypes.filter(
    ({ undeclaredFields }: never) => (undeclaredFields as string[]).length > 0,
  );
  expect(grown).toEqual([{ name: 'app_opened', undeclaredFields: ['dark'] }]);
});

test('LiveEvents: of one user, as they arrive', async () => {
  const query = graphiqlExamples[0]?.query ?? '';
  const token = await server().token({ scope: SCOPE });
  const stream = subscribeByWebSocket({
    url: server().url,
    query,
    variables: { userIds: ['live'] },
    token,
  });
  await stream.ready;
  await server().post('app_opened', { user_id: 'another' });
  await server().post('app_opened', { user_id: 'live' });
  await server().post('user_logged_in', { user_id: 'live' });
  const events = await stream.until(2);
  expect(events.map(({ typeName, userId }) => [typeName, userId])).toEqual([
    ['app_opened', 'live'],
    ['user_logged_in', 'live'],
  ]);
  await stream.close();
});

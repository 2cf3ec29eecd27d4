import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { type AnyEvent, subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';
import { filterForms } from './filter-forms.ts';
import { errorsOver } from './operate.ts';
import {
  describeSeen,
  expectedOf,
  type PostedEvent,
  postPersonalEvents,
  seenLive,
} from './some-personal-events.ts';
import { tokenOf, viewers } from './some-viewers.ts';

const feedFor = (viewer: string) => `subscription ($filter: EventFilter, $after: String) {
  eventFeed(filter: $filter, after: $after) { cursor ... on FeedEvent { event { ...Seen } } }
} ${seenLive(viewer)}`;
const transports = { WebSocket: subscribeByWebSocket, SSE: subscribeBySse } as const;

let server: TestServer;
let start: string;
let stored: PostedEvent[];
beforeAll(async () => {
  server = await startTestServer();
  start = (await server.query('{ head }')).body.data.head;
  stored = await postPersonalEvents(server);
});
afterAll(() => server.close());

describe.each(Object.entries(transports))('over %s', (transport, subscribe) => {
  test.each(Object.keys(viewers))(
    '%s sees what `events` shows, stored and live',
    async (viewer) => {
      const token = await tokenOf(viewer);
      const expected = expectedOf(viewer, stored);
      const options = { url: server.url, query: feedFor(viewer), token, whole: true };
      const feed = subscribe({ ...options, variables: { after: start } });
      // One more than the events: the mark that the subscription is caught up.
      await feed.until(expected.length + 1);
      const more = await postPersonalEvents(server);
      const total = expected.length + expectedOf(viewer, more).length + 1;
      const items: AnyEvent[] = (await feed.until(total)).map(({ data }) => data.eventFeed);
      await feed.close();
      stored.push(...more);
      expect(items.findIndex(({ event }) => event === undefined)).toBe(expected.length);
      const events = items.flatMap(({ event }) => event ?? []);
      expect(events.map((event) => describeSeen(event, stored))).toEqual(
        expectedOf(viewer, stored),
      );
    },
  );

  const live = Object.entries(filterForms).filter(([, { queryOnly }]) => !queryOnly);
  test.each(live)('another user is FORBIDDEN: %s', async (_, { query, variables }) => {
    const written = `subscription ${query}`
      .replaceAll('events(', 'eventFeed(')
      .replaceAll('FIELDS', 'cursor')
      .replaceAll('ROOT', 'Subscription');
    const token = await server.token({ sub: 'own' });
    const operation = { query: written, token, ...(variables && { variables }) };
    expect(await errorsOver[transport as 'SSE'](server, operation)).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });
});

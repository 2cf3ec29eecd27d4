import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { rightsOf, type Viewer } from '../../src/auth/viewer.ts';
import type { NewEvent } from '../../src/catalog/event.ts';
import { openPatientLog } from '../log/open-logs.ts';
import { matchesFilter } from '../log/some-events.ts';
import { type LogIds, readLogIds } from '../utils/log-ids.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';
import { isAllowed, isVisible, shownPayload } from './any-viewer.ts';
import { type Case, someCases, someShownEvents, toVariable } from './some-cases.ts';

/** Number of cases over the network; visibility-rule.test.ts checks many more. */
const QUERIES = 400;
const SUBSCRIPTIONS = 60;
const events: NewEvent[] = someShownEvents(120, 5);
const FIELDS = '{ id userId payload }';

let server: TestServer;
let start: string;
let ids: LogIds;

beforeAll(async () => {
  server = await startTestServer();
  start = (await server.query('{ head }')).body.data.head;
  ids = await readLogIds(server.mongodbUri);
  // Random events are appended directly, since the webhook would refuse some.
  const log = await openPatientLog({ uri: server.mongodbUri });
  await Promise.all(events.map((event) => log.appender.append(event, 200)));
  await log.close();
  const variables = { after: start };
  const query = 'subscription ($after: String) { events(after: $after) { id } }';
  const tailer = subscribeBySse({
    url: server.url,
    query,
    variables,
    token: await server.token(),
  });
  await tailer.until(events.length);
  await tailer.close();
});
afterAll(() => server.close());

const tokenOf = ({ userId, scopes }: Viewer) =>
  signToken(JWT_SECRET, { user: userId ?? undefined, scope: [...scopes].join(' ') }, '2h');

function shownTo({ viewer, filter }: Case) {
  return events
    .filter((event) => isVisible(viewer, event) && matchesFilter(filter, event))
    .map((event) => seenBy(viewer, event));
}

function seenBy(viewer: Viewer, event: NewEvent) {
  const payload = JSON.parse(JSON.stringify(shownPayload(viewer, event)));
  return { id: ids.globalId(event), userId: event.userId, payload };
}

test(`${QUERIES} random viewers and filters over HTTP see what the rule allows, in a list and by id`, async () => {
  const query = `query ($filter: EventFilter, $last: Int) {
    events(filter: $filter, last: $last) {
      edges { node ${FIELDS} }
      pageInfo { hasNextPage hasPreviousPage }
    }
  }`;
  const byId = `query ($id: ID!) { event(id: $id) ${FIELDS} node(id: $id) { ... on Event ${FIELDS} } }`;
  let refused = 0;
  for (const [index, { viewer, filter }] of someCases(QUERIES, 6).entries()) {
    const token = await tokenOf(viewer);
    const last = index % 2 === 0 ? 1_000 : index % 7;
    const { body } = await server.query(query, { filter: toVariable(filter), last }, token);
    if (isAllowed(viewer, filter)) {
      const shown = shownTo({ viewer, filter });
      const page = last === 0 ? [] : shown.slice(-last);
      expect(body.data.events).toEqual({
        edges: page.map((node) => ({ node })),
        pageInfo: { hasNextPage: false, hasPreviousPage: shown.length > page.length },
      });
    } else {
      refused += 1;
      expect(body.data).toBeNull();
      expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }

    const event = events[index % events.length] as NewEvent;
    const { body: one } = await server.query(byId, { id: ids.globalId(event) }, token);
    const seen = isVisible(viewer, event) ? seenBy(viewer, event) : null;
    expect(one.data).toEqual({ event: seen, node: seen });
    expect(one.errors === undefined).toBe(rightsOf(viewer).reader);
  }
  expect(refused).toBeGreaterThan(50);
  expect(refused).toBeLessThan(QUERIES - 50);
});

describe.each([
  ['WebSocket', subscribeByWebSocket],
  ['SSE', subscribeBySse],
])('over %s', (_, subscribe) => {
  test(`${SUBSCRIPTIONS} random viewers and filters replay what the rule allows`, async () => {
    const query = `subscription ($filter: EventFilter, $after: String) {
      events(filter: $filter, after: $after) ${FIELDS}
    }`;
    for (const { viewer, filter } of someCases(SUBSCRIPTIONS, 7)) {
      const subscriber = subscribe({
        url: server.url,
        query,
        variables: { filter: toVariable(filter), after: start },
        token: await tokenOf(viewer),
      });
      if (isAllowed(viewer, filter)) {
        const shown = shownTo({ viewer, filter });
        await subscriber.ready;
        expect(await subscriber.until(shown.length)).toEqual(shown);
      } else {
        expect(await subscriber.ended).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      }
      await subscriber.close();
    }
  });
});

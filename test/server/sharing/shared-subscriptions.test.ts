import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { type Subscriber, subscribeBySse, subscribeByWebSocket } from '../../utils/subscribe.ts';

// biome-ignore lint/suspicious/noExplicitAny: whole results of any shape
type Results = Subscriber<any>;

const EVENTS = 40;
/** Some viewers may see these fields of some events: their results are shared, or hold errors. */
const query = /* GraphQL */ `
  subscription Live($after: String, $types: Boolean = false, $personal: Boolean = true) {
    events(after: $after) {
      id
      cursor
      type @include(if: $types)
      payload
      ... on UserFirstLoggedIn @include(if: $personal) { email mobilePhone }
    }
  }
`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const claims = {
  whole: { scope: 'events:read pii:read' },
  reduced: { scope: 'events:read' },
  own: { sub: 'own', scope: 'events:read' },
} as const;

async function subscribeAs(name: keyof typeof claims, types?: boolean, sse = false) {
  const subscribe = sse ? subscribeBySse : subscribeByWebSocket;
  const token = await server.token(claims[name]);
  const subscriber: Results = subscribe({
    url: server.url,
    query,
    token,
    whole: true,
    variables: {
      ...(types !== undefined && { types }),
      // It can never see them, so selecting them would be refused.
      ...(name === 'reduced' && { personal: false }),
    },
  });
  await subscriber.ready;
  return { name, types: types === true, subscriber };
}

test('viewers with equal documents and different rights each get their own events, in order, shared or not', async () => {
  const opened = await Promise.all([
    ...(['whole', 'reduced', 'own'] as const).flatMap((name) => [
      subscribeAs(name),
      subscribeAs(name, true),
      subscribeAs(name, false),
      subscribeAs(name, false, true),
      subscribeAs(name, true, true),
    ]),
  ]);
  const posted: { position: number; user: string | null; secret: string }[] = [];
  await Promise.all(
    Array.from({ length: EVENTS }, async (_, index) => {
      const user = ['own', 'other'][index % 2] ?? null;
      const secret = `s${index}@x.org`;
      const [type, payload] =
        index % 3 === 0
          ? ['user_first_logged_in', { user_id: user, email: secret, mobile_phone: secret }]
          : ['app_uninstalled', { user_id: user, index, e_mail: secret }];
      const { body } = await server.post(type, payload);
      posted.push({ position: body.position, user, secret });
    }),
  );
  posted.sort((one, other) => one.position - other.position);

  const requestIds = new Set<string>();
  let errors = 0;
  for (const { name, types, subscriber } of opened) {
    const results = await subscriber.until(EVENTS);
    expect(results).toHaveLength(EVENTS);
    for (const [index, { data, errors: told }] of results.entries()) {
      const { user, secret } = posted[index] ?? { user: null, secret: '' };
      const sees = name === 'whole' || (name === 'own' && user === 'own');
      const text = JSON.stringify(data);
      // In log order, with what the viewer may see of this event, and nothing of another one.
      expect([index, text.includes(secret)]).toEqual([index, sees]);
      expect(text.match(/s\d+@x\.org/g)?.every((found) => found === secret) ?? true).toBe(true);
      expect('type' in data.events).toBe(types);
      expect('email' in data.events && !sees).toBe(told !== undefined);
      for (const { extensions } of told ?? []) {
        errors += 1;
        expect(extensions.code).toBe('FORBIDDEN');
        requestIds.add(`${extensions.requestId}`);
      }
    }
  }
  // An error carries the request id of its own subscription.
  expect(errors).toBeGreaterThan(50);
  expect(requestIds.size).toBe(opened.filter(({ name }) => name === 'own').length);
  await Promise.all(opened.map(({ subscriber }) => subscriber.close()));
});

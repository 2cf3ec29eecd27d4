import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { senderExample, senderExamples } from '../../fixtures/sender.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { subscribeByWebSocket } from '../../utils/subscribe.ts';

const FIELDS = /* GraphQL */ `
  __typename id cursor type typeName occurredOn receivedAt userId installationId payload
  ... on MessageSent { messageId speciality professionalId }
  ... on MessageRead { messageId speciality professionalId }
  ... on InstallationCreated { osName osVersion deviceModel languageCode countryCode }
  ... on UserLoggedIn { status statusCode }
  ... on UserFirstLoggedIn {
    status statusCode mobilePhone mobilePhonePrefix email coverageName
  }
  ... on UserStatusChanged { fromStatus fromStatusCode toStatus toStatusCode }
`;
const ONE = `query ($id: ID!) { event(id: $id) { ${FIELDS} } }`;

const message = {
  messageId: 'eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e',
  speciality: 'work',
  professionalId: 5,
};
/** The fields of the sender's examples beyond those of every event. */
const shown: Readonly<Record<string, object>> = {
  message_sent: { __typename: 'MessageSent', type: 'MESSAGE_SENT', ...message },
  message_read: { __typename: 'MessageRead', type: 'MESSAGE_READ', ...message },
  installation_created: {
    __typename: 'InstallationCreated',
    type: 'INSTALLATION_CREATED',
    userId: null,
    osName: 'ios',
    osVersion: '16.0.2',
    deviceModel: 'iPhone13,2',
    languageCode: 'es',
    countryCode: 'es',
  },
  app_opened: { __typename: 'AppOpened', type: 'APP_OPENED' },
  app_uninstalled: { __typename: 'AppUninstalled', type: 'APP_UNINSTALLED' },
  user_logged_in: {
    __typename: 'UserLoggedIn',
    type: 'USER_LOGGED_IN',
    status: 'PREMIUM',
    statusCode: 2,
  },
  user_first_logged_in: {
    __typename: 'UserFirstLoggedIn',
    type: 'USER_FIRST_LOGGED_IN',
    occurredOn: '2024-04-25T15:55:12.642Z',
    status: 'PREMIUM',
    statusCode: 2,
    mobilePhone: '666996699',
    mobilePhonePrefix: '34',
    email: 'user@testcompany.com',
    coverageName: 'collective 1',
  },
  user_status_changed: {
    __typename: 'UserStatusChanged',
    type: 'USER_STATUS_CHANGED',
    installationId: null,
    fromStatus: 'FREEMIUM',
    fromStatusCode: 4,
    toStatus: 'FREE',
    toStatusCode: 0,
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function show(id: string) {
  const { body } = await server.query(ONE, { id });
  expect(body.errors).toBeUndefined();
  return body.data.event;
}

describe("every field of the sender's examples", () => {
  test.each(senderExamples)('%s', async (name) => {
    const { body } = await server.postRaw(senderExample(name));
    expect(await show(body.id)).toEqual({
      id: body.id,
      cursor: expect.stringMatching(/^[\w-]{19}$/),
      typeName: name,
      occurredOn: '2021-09-14T15:55:12.642Z',
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      userId: '32402404G',
      installationId: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
      payload: JSON.parse(senderExample(name).toString()).payload,
      ...shown[name],
    });
  });

  test('a subscription shows the same as a query', async () => {
    // Earlier events may be published after the subscription has begun.
    const last = await server.post('app_opened', { again: 0 });
    const { cursor } = await show(last.body.id);
    const live = subscribeByWebSocket({
      url: server.url,
      query: `subscription { events(after: "${cursor}") { ${FIELDS} } }`,
      token: await server.token(),
    });
    await live.ready;
    const posted = [];
    for (const name of senderExamples) posted.push((await server.post(name, { again: 1 })).body);
    const events = await live.until(posted.length);
    for (const [index, { id }] of posted.entries()) expect(events[index]).toEqual(await show(id));
    await live.close();
  });
});

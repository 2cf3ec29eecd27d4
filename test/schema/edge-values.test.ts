import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';

const ONE = /* GraphQL */ `
  query ($id: ID!) {
    event(id: $id) {
      userId installationId payload
      ... on MessageSent { messageId }
      ... on InstallationCreated { languageCode countryCode }
      ... on UserLoggedIn { status statusCode }
      ... on UserFirstLoggedIn { email }
      ... on UserStatusChanged { fromStatus fromStatusCode toStatus toStatusCode }
    }
  }
`;
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

describe('edge values', () => {
  test.each([
    [0, 'FREE'],
    [2, 'PREMIUM'],
    [4, 'FREEMIUM'],
    [1, 'UNKNOWN'],
    [-7, 'UNKNOWN'],
    [9_007_199_254_740_991, 'UNKNOWN'],
  ])('status %i is shown as %s', async (code, name) => {
    const { body } = await server.post('user_logged_in', { status: code });
    expect(await show(body.id)).toMatchObject({ status: name, statusCode: code });
    const changed = await server.post('user_status_changed', {
      from_status: code,
      to_status: code,
    });
    expect(await show(changed.body.id)).toMatchObject({
      fromStatus: name,
      fromStatusCode: code,
      toStatus: name,
      toStatusCode: code,
    });
  });

  test.each([
    'none',
    '',
    'a@b@c.example',
    'a b@c.example',
    'ñ@c.example',
    'a@-c.example',
    'a@c_d.example',
    '"a"@c.example',
    ' a@c.example',
  ])('the e-mail %j is only shown in the payload', async (email) => {
    const { body } = await server.post('user_first_logged_in', { email });
    expect(await show(body.id)).toMatchObject({ email: null, payload: { email } });
  });

  test('nulls and missing keys are shown where the sender allows them', async () => {
    const nulls = { language_code: null, country_code: null };
    const { body: created } = await server.post('installation_created', nulls);
    expect(await show(created.id)).toMatchObject({ languageCode: null, countryCode: null });
    const missing = { language_code: undefined, country_code: undefined };
    const { body: short } = await server.post('installation_created', missing);
    expect(await show(short.id)).toMatchObject({ languageCode: null, countryCode: null });
    const { body: gone } = await server.post('app_uninstalled', { user_id: null });
    expect(await show(gone.id)).toMatchObject({ userId: null, payload: { user_id: null } });
  });

  test('UUIDs of any version and case stay as sent in the payload, and are lower case in ids', async () => {
    const uuid = 'FFFFFFFF-0000-F000-0000-FFFFFFFFFFFF';
    const { body } = await server.post('message_sent', { message_id: uuid, installation_id: uuid });
    expect(await show(body.id)).toMatchObject({
      messageId: uuid,
      installationId: uuid.toLowerCase(),
      payload: { message_id: uuid, installation_id: uuid },
    });
  });
});

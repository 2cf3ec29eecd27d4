import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { sign } from '../../src/webhook/sign.ts';
import { runEventline, startServerProcess } from '../utils/eventline.ts';
import { bytesOf, type StoredData } from '../utils/open-stored-data.ts';
import { deliveryOf, type TestServer } from '../utils/server.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { useServer } from '../utils/use-server.ts';

const KEY = Buffer.from('a-key-of-24-bytes-or-more');
const SECRET = `whsec_${KEY.toString('base64')}`;

let server: TestServer;
let storedData: StoredData;
useServer(
  (started) => {
    ({ server, storedData } = started);
  },
  {
    webhookScheme: 'standard-webhooks',
    webhookSecrets: [SECRET],
  },
);

/** The headers of a sender, with an id of its own. */
function headersOf(body: string, nowMs = Date.now(), id = `msg_${randomUUID()}`) {
  const timestamp = Math.floor(nowMs / 1_000);
  const hmac = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  };
}

async function post(body: string, headers: Record<string, string>, path = '/webhooks/events') {
  const response = await fetch(server.url + path, { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}

test('a delivery is stored, and its retry under another id and timestamp is a duplicate', async () => {
  const body = deliveryOf('message_sent');
  const first = await post(body, headersOf(body));
  expect([first.status, first.body.status]).toEqual([200, 'stored']);
  const again = await post(body, headersOf(body, Date.now() + 2_000));
  expect(again.body).toEqual({ ...first.body, status: 'duplicate' });
});

test('a delivery that is refused, or at a wrong path, is kept', async () => {
  for (const [body, path, status] of [
    ['not JSON', undefined, 400],
    [deliveryOf('message_sent'), '/webhooks', 404],
  ] as const) {
    const answer = await post(body, headersOf(body), path);
    expect([answer.status, answer.body.quarantined]).toEqual([status, true]);
  }
});

test.each([-400_000, 400_000])(
  'a signed timestamp %i ms from now is refused, and the bytes are kept',
  async (offsetMs) => {
    const body = deliveryOf('message_sent');
    expect(await post(body, headersOf(body, Date.now() + offsetMs))).toMatchObject({
      status: 401,
      body: { type: 'urn:eventline:problem:timestamp-not-current', quarantined: true },
    });
    const kept = await storedData.quarantine();
    expect(kept.map(({ raw }) => bytesOf(raw).toString())).toContain(body);
  },
);

test('one of an event that is in the log is answered as a duplicate', async () => {
  const body = deliveryOf('message_sent', { user_id: 'stored-before' });
  const stored = await post(body, headersOf(body));
  const { id } = stored.body;
  expect(stored.body).toMatchObject({ status: 'stored' });
  const before = (await storedData.quarantine()).length;
  const late = await post(body, headersOf(body, Date.now() - 400_000));
  expect(late).toMatchObject({ status: 200, body: { status: 'duplicate', id } });
  expect(await storedData.quarantine()).toHaveLength(before);
});

test('a signature of the other scheme is refused and not kept', async () => {
  const body = deliveryOf('message_sent');
  const before = (await storedData.quarantine()).length;
  const answer = await post(body, { 'X-Signature': sign(body, SECRET) });
  expect([answer.status, answer.body.type]).toEqual([
    401,
    'urn:eventline:problem:signature-missing',
  ]);
  expect(answer.body.detail).toContain('webhook-signature');
  expect(await storedData.quarantine()).toHaveLength(before);
});

describe('the setting', () => {
  test.each([
    'a-secret-of-the-default-scheme',
    `whsk_${KEY.toString('base64')}`,
    `${SECRET},short-one`,
  ])('refuses secrets that are no keys, without quoting them: %s', (WEBHOOK_SECRETS) => {
    const read = () => readConfig({ WEBHOOK_SCHEME: 'standard-webhooks', WEBHOOK_SECRETS });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/^ {2}WEBHOOK_SECRETS: with WEBHOOK_SCHEME=standard-webhooks/m);
    expect(read).not.toThrow(WEBHOOK_SECRETS);
  });

  test('a server and `send` use it, also with the development secret', async () => {
    const cwd = await temporaryDirectory();
    const env = { WEBHOOK_SCHEME: 'standard-webhooks' };
    const process = await startServerProcess({ cwd, env });
    const sent = await runEventline(['send', 'message_sent'], { cwd, env });
    expect([sent.code, sent.stdout]).toEqual([0, expect.stringMatching(/^200 stored/)]);
    const unsigned = await process.postOnce(deliveryOf('message_sent'));
    expect(unsigned?.status).toBe(401);
    await process.kill('SIGTERM');
  });
});

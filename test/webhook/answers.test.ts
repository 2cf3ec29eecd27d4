import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import type { StoredData } from '../utils/open-stored-data.ts';
import { deliveryOf, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { useServer } from '../utils/use-server.ts';

const MAX_BYTES = 2_000;
let server: TestServer;
let storedData: StoredData;
useServer(
  (started) => {
    ({ server, storedData } = started);
  },
  { webhookMaxBytes: MAX_BYTES },
);

const paddedTo = (bytes: number) => {
  const body = deliveryOf('message_sent');
  return body + ' '.repeat(bytes - body.length);
};

describe('a valid delivery', () => {
  test('is stored, with its id and position, then a duplicate with the same', async () => {
    const body = deliveryOf('message_sent');
    const first = await server.postRaw(body);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('application/json');
    expect(first.headers.get('cache-control')).toBe('no-store');
    const stored = await storedData.events();
    expect(first.body).toEqual({
      status: 'stored',
      id: expect.any(String),
      position: stored.at(-1)?.position,
    });

    const second = await server.postRaw(body);
    expect([second.status, second.body]).toEqual([200, { ...first.body, status: 'duplicate' }]);
    expect(await storedData.events()).toEqual(stored);
  });

  test('sent concurrently many times is stored once, and the others are duplicates', async () => {
    const body = deliveryOf('message_read');
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.postRaw(body)));
    const bodies = answers.map(({ body }) => body);
    expect(bodies.filter(({ status }) => status === 'stored')).toHaveLength(1);
    expect(bodies.filter(({ status }) => status === 'duplicate')).toHaveLength(19);
    expect(new Set(bodies.map(({ id, position }) => `${id} ${position}`)).size).toBe(1);
  });

  test('of exactly the maximum size is accepted', async () => {
    expect((await server.postRaw(paddedTo(MAX_BYTES))).body.status).toBe('stored');
  });

  test.each([
    'application/json; charset=UTF-8',
    'Application/JSON',
    'application/cloudevents+json',
  ])('as %s is accepted', async (type) => {
    const { body } = await server.postRaw(deliveryOf('app_opened'), { 'Content-Type': type });
    expect(body.status).toBe('stored');
  });
});

describe('is refused, and not kept', () => {
  let events: number;
  beforeAll(async () => {
    events = (await storedData.events()).length;
  });
  afterEach(async () => {
    expect(await storedData.events()).toHaveLength(events);
    expect(await storedData.quarantine()).toEqual([]);
  });

  const body = deliveryOf('message_sent');
  const base64 = sign(body, WEBHOOK_SECRET).slice('sha256='.length);

  test.each([
    [401, 'signature-missing', 'no signature', body, { 'X-Signature': '' }],
    [401, 'signature-wrong', 'another secret', body, { 'X-Signature': sign(body, 'x') }],
    [401, 'signature-wrong', 'another body', `${body} `, { 'X-Signature': `sha256=${base64}` }],
    [401, 'signature-wrong', 'no digest', body, { 'X-Signature': 'sha256=' }],
    [401, 'signature-wrong', 'unsigned rubbish', '{', { 'X-Signature': 'sha256=AA==' }],
    [413, 'body-too-large', 'one byte too much', paddedTo(MAX_BYTES + 1), {}],
  ])('%i %s: %s', async (status, problem, _, sent, headers) => {
    const answer = await server.postRaw(sent, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      type: `urn:eventline:problem:${problem}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      requestId: answer.headers.get('x-request-id'),
    });
  });

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('405 for %s, with Allow', async (method) => {
    const response = await fetch(`${server.url}/webhooks/events`, {
      method,
      ...(method === 'PUT' && { body }),
    });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({
      type: 'urn:eventline:problem:method-not-allowed',
      status: 405,
    });
  });
});

import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { deliveryOf, startTestServer } from '../utils/server.ts';

const LARGEST = 2 * 1024 * 1024;

test('the largest configurable body fits into a document, even if BSON enlarges it', async () => {
  const { webhookMaxBytes } = readConfig({ WEBHOOK_MAX_BYTES: String(LARGEST) });
  expect(() => readConfig({ WEBHOOK_MAX_BYTES: String(LARGEST + 1) })).toThrow('WEBHOOK_MAX_BYTES');
  const server = await startTestServer({ webhookMaxBytes });

  // List elements of two bytes are the worst case: in BSON each index takes up to seven digits.
  const frame = deliveryOf('app_opened', { list: [1] });
  const list = Array.from({ length: (LARGEST - frame.length) / 2 }, () => 1);
  const largest = deliveryOf('app_opened', { list });
  expect(LARGEST - largest.length).toBeLessThan(10);
  const answers = await Promise.all([server.postRaw(largest), server.post('message_sent')]);
  expect(answers.map(({ body }) => body.status)).toEqual(['stored', 'stored']);
  await server.close();
});

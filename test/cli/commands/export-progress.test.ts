import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportEvents } from '../../../src/cli/commands/export.ts';
import { readConfig } from '../../../src/config/config.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (let index = 0; index < 4; index += 1) await server.post('app_opened');
});
afterAll(() => server.close());

test.for([
  ['a pipe', false],
  ['a terminal', true],
] as const)('progress of an export to %s does not mix with the events', async ([, isTTY]) => {
  const out = Object.assign(new PassThrough(), { isTTY });
  const err = Object.assign(new PassThrough(), { isTTY: true });
  let nowMs = 0;
  await exportEvents(
    {
      ...{ env: {}, in: new PassThrough(), out, err },
      config: () => readConfig({ AUTH_JWT_SECRET: JWT_SECRET }),
      environment: () => ({ values: {}, fromFile: new Set() }),
      ...{ signal: new AbortController().signal, onForcedEnd: () => undefined },
      say: (one) => one,
      nowMs: () => (nowMs += 1_000),
    },
    {
      ...{ type: [], user: [], installation: [], format: 'jsonl', personal: true },
      ...{ page: 1, url: server.url },
    },
  );
  out.end();
  err.end();
  const [printed, said] = await Promise.all([text(out), text(err)]);
  expect(printed.trim().split('\n')).toHaveLength(4);
  expect(said.includes('events, the last of')).toBe(!isTTY);
  expect(said).toContain('4 events.');
});

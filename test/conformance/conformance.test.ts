import { expect, test } from 'vitest';
import { PATIENCE_MS } from '../utils/patience.ts';
import { startTestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { runChecks } from './run-checks.ts';

test('the server passes all checks of the conformance suite, at least 100', async () => {
  const server = await startTestServer();
  const token = await server.token();
  const results = await runChecks({ url: server.url, token, secret: WEBHOOK_SECRET }, PATIENCE_MS);
  process.stdout.write(`conformance suite: ${results.length} checks\n`);
  expect(results.filter(({ fault }) => fault !== undefined)).toEqual([]);
  expect(results.length).toBeGreaterThanOrEqual(100);
  expect(new Set(results.map(({ name }) => name)).size).toBe(results.length);
  await server.close();
});

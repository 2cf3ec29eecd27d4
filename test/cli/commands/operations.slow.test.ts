import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lineOf, runEventline, startEventline, startServerProcess } from '../../utils/eventline.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

const APP = { 'an-id-of-the-app': 'query Head { head }' };

test('prints the documents of the client and of other lists by their ids', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'app.json'), JSON.stringify(APP));
  const { code, stdout } = await runEventline(['operations', 'app.json'], { cwd });
  expect(code).toBe(0);
  const { 'an-id-of-the-app': app, ...own } = JSON.parse(stdout);
  expect(app).toBe(APP['an-id-of-the-app']);
  expect(Object.values(own).join()).toMatch(
    /subscription EventsClient\b[\s\S]*query EventsClientPlace\b/,
  );
  for (const [hash, text] of Object.entries(own)) {
    expect(createHash('sha256').update(String(text)).digest('hex')).toBe(hash);
  }
});

test('an invalid list is refused, also at the start of a server', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'list.json'), '{"x":"{ colour }"}');
  const said = 'PERSISTED_OPERATIONS: list.json: entry "x": Cannot query field "colour"';
  const printed = await runEventline(['operations', 'list.json'], { cwd });
  expect([printed.code, printed.stderr]).toEqual([2, expect.stringContaining(said)]);
  const env = { PERSISTED_OPERATIONS: 'list.json', PORT: '0' };
  const served = await runEventline(['serve'], { cwd, env });
  expect([served.code, JSON.parse(served.stderr)]).toEqual([
    2,
    expect.objectContaining({ level: 'fatal', msg: expect.stringContaining(said) }),
  ]);
});

test("with the printed list a server runs the client's operations only", async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'list.json'), (await runEventline(['operations'], { cwd })).stdout);
  const server = await startServerProcess({ cwd, env: { PERSISTED_OPERATIONS: 'list.json' } });
  const { child, finished } = startEventline(['tail', '--url', server.url], { cwd });
  await lineOf(child, 'stderr', /^Following/);
  const arrived = lineOf(child, 'stdout', /app_opened/);
  const body = { type: 'app_opened', occurred_on: new Date().toISOString(), payload: {} };
  const payload = { user_id: 'u', installation_id: 'ba55ab42-9a54-4a4f-8f3a-ab2a3d8b4c1d' };
  const answer = await server.post(JSON.stringify({ ...body, payload }));
  expect(answer?.status).toBe(200);
  await arrived;
  child.kill('SIGINT');
  await finished;

  expect(await server.query('{ __typename }')).toMatchObject({
    errors: [{ message: 'This document is not in the list of persisted operations.' }],
  });
  const page = await fetch(`${server.url}/graphql`, { headers: { Accept: 'text/html' } });
  expect(page.status).toBe(401);
  await server.kill('SIGTERM');
});

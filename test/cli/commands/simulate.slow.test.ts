import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../../src/auth/sign-token.ts';
import { lineOf, runEventline, startEventline } from '../../utils/eventline.ts';
import { startRelay } from '../../utils/relay.ts';
import {
  JWT_SECRET,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

const env = { WEBHOOK_SECRETS: WEBHOOK_SECRET, AUTH_JWT_SECRET: JWT_SECRET };
const SHORT = ['--rate', '200', '--duration', '1s', '--users', '20', '--seed', '5'];
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function simulate(args: string[], url = server.url, more = {}) {
  const cwd = await temporaryDirectory();
  return runEventline(['simulate', ...args, '--url', url], { cwd, env: { ...env, ...more } });
}

/** All events in the log after a cursor. */
async function storedAfter(after: string) {
  const found: { typeName: string; occurredOn: string; receivedAt: string }[] = [];
  for (let place = after; ; ) {
    const { body } = await server.query(
      'query($after: String) { events(after: $after, first: 500) { reached edges { node { typeName occurredOn receivedAt } } pageInfo { hasNextPage } } }',
      { after: place },
    );
    const { edges, reached, pageInfo } = body.data.events;
    found.push(...edges.map(({ node }: { node: (typeof found)[number] }) => node));
    if (!pageInfo.hasNextPage) return found;
    place = reached;
  }
}

test('traffic with every fault is answered as expected, read back, and in the log', async () => {
  const { body } = await server.query('{ head }');
  const shares = ['--duplicates', '20%', '--late', '0.2', '--bad-signature', '10%'];
  const others = ['--malformed', '20%', '--unknown-types', '10%', '--shuffle', '20'];
  const ended = await simulate([...SHORT, ...shares, ...others, '--verify', '--json']);
  expect(ended.stderr).toContain('seed 5');
  expect(ended.code).toBe(0);
  const { counts, readBack, seed } = JSON.parse(ended.stdout);
  expect(seed).toBe(5);
  for (const sort of ['event', 'unknown', 'repeat', 'forged', 'malformed', 'unreadable']) {
    expect(counts[sort].sent, sort).toBeGreaterThan(3);
    expect(counts[sort].asExpected, sort).toBe(counts[sort].sent);
  }
  const stored = counts.event.sent + counts.unknown.sent + counts.malformed.sent;
  const none = { missing: 0, doubled: 0, different: 0, intruders: 0, others: 0 };
  expect(readBack).toEqual({ found: stored, ...none });

  const events = await storedAfter(body.data.head);
  expect(events).toHaveLength(stored);
  const unknown = events.filter(({ typeName }) => /goal_reached|device_paired/.test(typeName));
  expect(unknown).toHaveLength(counts.unknown.sent);
  const lateMs = events.map((one) => Date.parse(one.receivedAt) - Date.parse(one.occurredOn));
  expect(lateMs.filter((ms) => ms > 4 * 60_000).length).toBeGreaterThan(3);
});

test('the same seed gives the same traffic, except for times', async () => {
  const typesOf = async () => {
    const { body } = await server.query('{ head }');
    expect((await simulate(['--burst', '40', ...SHORT])).code).toBe(0);
    const stored = await storedAfter(body.data.head);
    return stored.map(({ typeName }) => typeName).sort();
  };
  const first = await typesOf();
  // Rate × duration, on any machine.
  expect(first).toHaveLength(200);
  expect(await typesOf()).toEqual(first);
});

test('with concurrent redeliveries and lost answers everything is as expected', async () => {
  const { hostname, port } = new URL(server.url);
  let stored = 0;
  const relay = await startRelay({
    target: { hostname, port: Number(port) },
    onResponse(chunk, link) {
      if (!chunk.includes('"status":"stored"') || ++stored % 5 > 0) return chunk;
      return void link.client.destroy();
    },
  });
  const args = [...SHORT, '--duplicates', '100%', '--verify'];
  const ended = await simulate(args, `http://${hostname}:${relay.port}`);
  await relay.close();
  // A slow machine prints progress lines in between.
  expect(ended.stderr).toMatch(/^Posting .*\n(\d+ s: .*\n|Reading back: .*\n)*$/);
  expect(ended.stdout).toMatch(/^events +200 +200 stored +200 +0 +[1-9]/m);
  expect(ended.stdout).toMatch(/^redeliveries +200 .* +200 +0 +\d+$/m);
  expect(ended.stdout).toContain('Read back: 200 events as they were sent, each once; 0 missing');
  expect(ended.code).toBe(0);
});

test('a wrong secret is reported, and the command fails', async () => {
  const ended = await simulate([...SHORT, '--secret', 'another-secret-of-24-chr']);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/^events +\d+ +200 stored +0 +\d+ +0$/m);
  expect(ended.stdout.split('events: expected 200 stored, got 401 The signature')).toHaveLength(2);
  expect(ended.stderr).toContain('Some answers differed from the expected ones.');
  expect(ended.stderr + ended.stdout).not.toContain('another-secret');
});

test('a server that acknowledges without storing is detected', async () => {
  const liar = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    response.setHeader('Content-Type', 'application/json');
    if (request.url === '/webhooks/events') {
      const { occurred_on: id } = JSON.parse(body);
      return response.end(JSON.stringify({ status: 'stored', id, position: 1 }));
    }
    const { method = 'GET', headers } = request;
    const answer = await fetch(`${server.url}${request.url}`, {
      method,
      headers: { 'Content-Type': 'application/json', Authorization: `${headers.authorization}` },
      ...(method === 'POST' && { body }),
    });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
  const { port } = liar.address() as AddressInfo;
  const args = ['--rate', '20', '--duration', '1s', '--verify'];
  const ended = await simulate(args, `http://127.0.0.1:${port}`);
  liar.close();
  expect(ended.stdout).toMatch(
    /^Read back: 0 events as they were sent, each once; [1-9]\d* missing/m,
  );
  expect(ended.stderr).toContain(
    'The events that were read back differ from those that were stored.',
  );
  expect(ended.code).toBe(1);
});

test('Ctrl-C ends the run with the table', async () => {
  const cwd = await temporaryDirectory();
  for (const [more, code] of [
    [[], 0],
    [['--duration', '1h'], 130],
  ] as const) {
    const args = ['simulate', '--rate', '50', ...more, '--url', server.url];
    const { child, finished } = startEventline(args, { cwd, env });
    await lineOf(child, 'stderr', /Posting 50 a second/);
    child.kill('SIGINT');
    const ended = await finished;
    expect(ended.code).toBe(code);
    expect(ended.stdout).toContain('posts a second');
  }
});

test('Ctrl-C while reading back ends the run, and says so', async () => {
  const { hostname, port } = new URL(server.url);
  let holds = () => {};
  const held = new Promise<void>((resolve) => {
    holds = resolve;
  });
  const relay = await startRelay({
    target: { hostname, port: Number(port) },
    onRequest: (chunk) => (chunk.includes('query ReadBack') ? void holds() : chunk),
  });
  const url = `http://${hostname}:${relay.port}`;
  const args = ['simulate', '--rate', '20', '--duration', '1s', '--verify', '--url', url];
  const { child, finished } = startEventline(args, { cwd: await temporaryDirectory(), env });
  await held;
  child.kill('SIGINT');
  const { code, stdout, stderr } = await finished;
  await relay.close();
  expect(stdout).toMatch(/^events +20 +200 stored +20 +0 +0$/m);
  expect(stderr).toContain('Interrupted before everything was read back');
  expect(code).toBe(130);
});

test('reading back waits for a server that is briefly unavailable', async () => {
  const { hostname, port } = new URL(server.url);
  let pages = 0;
  const relay = await startRelay({
    target: { hostname, port: Number(port) },
    onRequest(chunk, link) {
      if (!chunk.includes('query ReadBack') || ++pages !== 2) return chunk;
      return void link.client.destroy();
    },
  });
  const url = `http://${hostname}:${relay.port}`;
  const ended = await simulate([...SHORT, '--verify', '--page', '50'], url);
  await relay.close();
  expect(ended.stdout).toContain('Read back: 200 events as they were sent, each once; 0 missing');
  expect(ended.code).toBe(0);
});

test('a token with limited rights is named as a reason for missing events', async () => {
  const token = await signToken(JWT_SECRET, { user: 'somebody' }, '1h');
  const ended = await simulate([...SHORT, '--verify', '--token', token]);
  expect(ended.stdout).toContain('200 missing');
  expect(ended.stderr).toContain('the token lacks the scope events:read or pii:read');
  expect(ended.code).toBe(1);
});

test.for([
  [['--rate', '0'], '--rate'],
  [['--rate', 'fast'], 'expected a number above 0'],
  [['--late', '500%'], 'expected a share such as 5% or 0.05'],
  [['--duplicates', '-1'], 'expected a share'],
  [['--duration', '5'], 'expected a span such as 90s'],
  [['--duration', '60d'], '24d at most'],
  [['--users', '0'], 'expected a whole number from 1'],
  [['--url', 'http://127.0.0.1:1'], 'No server answers at http://127.0.0.1:1 ('],
] as const)('%j fails with a clear message', async ([args, message]) => {
  const cwd = await temporaryDirectory();
  const { code, stderr } = await runEventline(['simulate', ...args], { cwd, env });
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});

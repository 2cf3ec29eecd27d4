import { afterAll, beforeAll, expect, test } from 'vitest';
import { lineOf, runEventline, startEventline } from '../utils/eventline.ts';
import { JWT_SECRET, startTestServer, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

let server: TestServer;
const env = { WEBHOOK_SECRETS: WEBHOOK_SECRET, AUTH_JWT_SECRET: JWT_SECRET };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test('send posts a fresh example with the given values, and prints the answer', async () => {
  const cwd = await temporaryDirectory();
  const args = ['user_status_changed', '--set', 'user_id=send-test', '--set', 'to_status=2'];
  const sent = await runEventline(['send', ...args, '--url', server.url, '--json'], { cwd, env });
  expect(sent.code).toBe(0);
  const { id, status } = JSON.parse(sent.stdout);
  expect(status).toBe('stored');
  const { body } = await server.query(
    'query($id: ID!) { event(id: $id) { userId ... on UserStatusChanged { fromStatus toStatus toStatusCode } } }',
    { id },
  );
  expect(body.data.event).toEqual({
    userId: 'send-test',
    fromStatus: 'FREEMIUM',
    toStatus: 'PREMIUM',
    toStatusCode: 2,
  });
});

test('send says when readers get the event as malformed', async () => {
  const cwd = await temporaryDirectory();
  const malformed = ['message_sent', '--set', 'professional_id=five', '--set', 'user_id='];
  const said = 'Readers get it as a MalformedEvent:\n  payload.user_id: expected ';
  for (const options of [[], ['--json']]) {
    const args = ['send', ...malformed, '--url', server.url, ...options];
    const sent = await runEventline(args, { cwd, env });
    expect([sent.code, sent.stdout]).toEqual([0, expect.stringContaining('stored')]);
    expect(sent.stderr).toContain(said);
    expect(sent.stderr).toMatch(/^ {2}payload\.professional_id: /m);
    expect(sent.stderr).not.toContain('five');
  }
  for (const args of [['message_sent'], ['new_thing', '--any-type', '--set', 'user_id=true']]) {
    const sent = await runEventline(['send', ...args, '--url', server.url], { cwd, env });
    expect([sent.code, sent.stderr]).toEqual([0, '']);
  }
});

test('send prints what is wrong with a payload, and fails', async () => {
  const cwd = await temporaryDirectory();
  const deep = `deep=${'['.repeat(70)}${']'.repeat(70)}`;
  const args = ['send', 'app_opened', '--set', deep, '--url', server.url];
  const sent = await runEventline(args, { cwd, env });
  expect(sent.code).toBe(1);
  expect(sent.stdout).toContain('422 The JSON cannot be kept exactly: ');
});

test.for([
  [['send', 'mesage_sent'], 'There is no event type mesage_sent'],
  [['send', 'app_opened', '--set', 'x'], '--set: expected key=value'],
  [['send', 'app_opened', '--url', 'nowhere'], '--url: expected'],
  [
    ['send', 'app_opened', '--url', 'http://127.0.0.1:1'],
    'No server answers at http://127.0.0.1:1',
  ],
  [['tail', '--url', 'http://127.0.0.1:1'], 'No server answers at http://127.0.0.1:1'],
  [['tail', '--type', 'nothing'], '--type: there is no nothing'],
  [['token', '--expires', 'soon'], '--expires: expected a span'],
  [['token', '--scope', 'events:all'], '--scope: there is no events:all'],
  [['frobnicate'], "unknown command 'frobnicate'"],
] as const)('%j fails with a clear message', async ([args, message]) => {
  const cwd = await temporaryDirectory();
  const { code, stdout, stderr } = await runEventline([...args], { cwd, env });
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr + stdout).not.toMatch(/\n\s+at /);
});

test('commands without a secret say where to get one', async () => {
  const cwd = await temporaryDirectory();
  for (const args of [['send', 'app_opened'], ['token'], ['tail']]) {
    const { code, stderr } = await runEventline(args, { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/start the server first/);
  }
});

test("token prints a token that reads the user's events", async () => {
  const cwd = await temporaryDirectory();
  await server.post('app_opened', { user_id: 'token-test' });
  const { stdout } = await runEventline(['token', '--user', 'token-test'], { cwd, env });
  const { body } = await server.query(
    'query { events(last: 5) { edges { node { userId } } } }',
    {},
    stdout.trim(),
  );
  expect(body.data.events.edges).toEqual([{ node: { userId: 'token-test' } }]);
});

test('tail prints events filtered by type and user, and ends cleanly on Ctrl-C', async () => {
  const cwd = await temporaryDirectory();
  const { body } = await server.query('query { head }');
  const filters = ['--type', 'message_sent', '--type', 'app_opened', '--user', 'tail-test'];
  const { child, finished } = startEventline(
    ['tail', ...filters, '--after', body.data.head, '--url', server.url, '--json'],
    { cwd, env },
  );
  const arrived = lineOf(child, 'stdout', /app_opened/);
  await server.post('message_sent', { user_id: 'tail-test' });
  await server.post('message_read', { user_id: 'tail-test' });
  await server.post('message_sent', { user_id: 'somebody-else' });
  await server.post('app_opened', { user_id: 'tail-test' });
  await arrived;
  child.kill('SIGINT');
  const { code, stdout } = await finished;
  const events = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  expect(events.map(({ typeName }) => typeName)).toEqual(['message_sent', 'app_opened']);
  expect(code).toBe(0);
});

import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign-token.ts';
import { sign } from '../../src/webhook/sign.ts';
import { LIVE } from '../documents.ts';
import { createPerson, deliveryAbout, someTypes, tracesOf } from '../erasure/someone.ts';
import { freshDatabase } from '../utils/database.ts';
import { lineOf, runEventline, startEventline } from '../utils/eventline.ts';
import { postAsSender } from '../utils/post-as-sender.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';

const secret = () => randomBytes(24).toString('base64url');

test('nothing secret or personal is logged in the whole flow, at the most verbose level', async () => {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const proxy = await startDatabaseProxy(database.uri);
  onTestFinished(() => proxy.close());
  const webhookSecrets = [secret(), secret()];
  const jwtSecret = `${secret()}${secret()}`;
  const [ada, bob] = [createPerson(), createPerson()];
  const words = `my knee hurts ${randomUUID()}`;
  const coverage = `coverage-${randomUUID()}`;
  const cwd = await temporaryDirectory();
  const env = {
    MONGODB_URI: proxy.uri,
    WEBHOOK_SECRETS: webhookSecrets.join(','),
    AUTH_JWT_SECRET: jwtSecret,
    LOG_LEVEL: 'trace',
    PORT: '0',
  };
  const { child, finished } = startEventline(['serve'], { cwd, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = /http:\/\/[\d.:]+/.exec(await lineOf(child, 'stdout', /GraphQL +http/))?.[0] ?? '';
  const tokens = {
    all: await signToken(jwtSecret, { scope: 'events:read pii:read' }, '2h'),
    own: await signToken(jwtSecret, { user: ada.id }, '2h'),
    admin: await signToken(jwtSecret, { scope: 'events:admin' }, '2h'),
    expired: await signToken(jwtSecret, { user: bob.id }, '-5m'),
    forged: await signToken(secret(), { user: bob.id, scope: 'events:admin' }, '2h'),
    noToken: `${secret()}.${secret()}`,
  };
  const ids: string[] = [];
  const signatures: string[] = [];

  async function send(body: string, headers: Record<string, string> = {}) {
    const signature = sign(Buffer.from(body), webhookSecrets[1] ?? '');
    signatures.push(signature.slice('sha256='.length));
    const response = await fetch(`${url}/webhooks/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Signature': signature, ...headers },
      body,
    });
    const answer = (await response.json()) as { id?: string };
    if (answer.id) ids.push(answer.id);
    return response;
  }
  const postOnce = async (body: string, headers?: Record<string, string>) =>
    (await send(body, headers)).status;
  const post = async (body: string, headers?: Record<string, string>) =>
    (await postAsSender(() => send(body, headers))).status;
  async function query(token: string, text: string, variables: object = {}) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.text();
  }
  const payload = { text: words, coverage_name: coverage };
  const aboutAda = someTypes.map((type) => deliveryAbout(ada, type, { payload }));

  // Readers on both transports, and refused ones.
  const live = [subscribeByWebSocket, subscribeBySse].flatMap((subscribe) =>
    [tokens.all, tokens.own].map((token) => subscribe({ url, query: LIVE.toString(), token })),
  );
  await Promise.all(live.map(({ ready }) => ready));
  for (const token of [tokens.expired, tokens.forged, tokens.noToken]) {
    const refused = subscribeByWebSocket({ url, query: LIVE.toString(), token });
    expect(await refused.ended).toBeDefined();
    await refused.close();
    expect(await query(token, '{ head }')).toContain('UNAUTHENTICATED');
  }

  // Accepted and refused deliveries.
  for (const body of [...aboutAda, ...aboutAda]) expect(await post(body)).toBe(200);
  await Promise.all(live.map((subscriber) => subscriber.until(6)));
  const forged = `sha256=${randomBytes(32).toString('base64')}`;
  const last = aboutAda[0] ?? '';
  expect(await post(last, { 'X-Signature': forged })).toBe(401);
  expect(await post(last, { 'X-Signature': `sha256=${webhookSecrets[0]}` })).toBe(401);
  expect(await post(last.slice(0, -9))).toBe(400);
  expect(await post(last, { 'Content-Type': `text/plain; ${ada.id}` })).toBe(200);
  // Stored as malformed events.
  const wrong = { user_id: { $ne: ada.id }, email: ada.email, [ada.phone]: words };
  for (const type of someTypes.slice(0, 8)) {
    const malformed = deliveryAbout(ada, type, {
      payload: { installation_id: ada.phone, ...wrong },
    });
    expect(await post(malformed)).toBe(200);
  }
  expect(await post(JSON.stringify({ type: ada.email, occurred_on: ada.id, payload: words }))).toBe(
    422,
  );
  expect(await post(JSON.stringify({ a: words }).repeat(40_000))).toBe(413);

  // Valid and invalid queries, with texts that must not be quoted.
  const filtered =
    'query ($u: [ID!]) { events(filter: { userIds: $u }) { edges { node { payload } } } }';
  expect(await query(tokens.all, filtered, { u: [ada.id] })).toContain(ada.email);
  expect(await query(tokens.own, filtered, { u: [bob.id] })).toContain('FORBIDDEN');
  await query(tokens.all, `{ events(after: "${ada.email}") { reached } }`);
  await query(tokens.all, `{ event(id: "${ada.email}") { id } }`);
  await query(tokens.all, `{ node(id: "${Buffer.from(ada.id).toString('base64')}") { id } }`);
  await query(tokens.all, `{ events(filter: { installationIds: ["${ada.phone}"] }) { reached } }`);
  await query(tokens.all, `{ ${words.replaceAll(' ', '_')} "${ada.email}"`);
  await query(tokens.all, filtered, { u: { $ne: ada.id } });
  await fetch(`${url}/graphql?query={head}&token=${tokens.all}&user=${ada.id}`);
  await fetch(`${url}/${ada.id}?token=${tokens.own}`);

  // Broken HTTP and broken WebSockets.
  const broken = connect(Number(new URL(url).port), '127.0.0.1');
  broken.end(`GET /${ada.id} HTP/9\r\nAuthorization: Bearer ${tokens.all}\r\n\r\n`);
  await new Promise((resolve) => broken.resume().once('close', resolve));
  for (const message of [
    `no JSON ${ada.email} ${tokens.all}`,
    JSON.stringify({ type: 'next', id: ada.id, payload: { data: words } }),
    JSON.stringify({ type: 'connection_init', payload: { Authorization: tokens.noToken } }),
    JSON.stringify({ type: 'subscribe', id: ada.id, payload: { query: words } }),
    Buffer.from([0xff, 0xfe]),
    'x'.repeat(400_000),
  ]) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send(message));
    socket.once('error', () => undefined);
    await closed;
  }

  // The database disappears and returns.
  proxy.cut();
  expect(await postOnce(deliveryAbout(ada, 'user_first_logged_in', { payload }))).toBe(503);
  expect(await query(tokens.all, filtered, { u: [ada.id] })).toContain('SERVICE_UNAVAILABLE');
  proxy.restore();
  const late = deliveryAbout(ada, 'user_first_logged_in', { payload });
  expect(await post(late)).toBe(200);

  // Erasures with and without the right, and later deliveries.
  const erase = 'mutation ($id: ID!) { eraseUser(userId: $id) { events } }';
  expect(await query(tokens.own, erase, { id: ada.id })).toContain('FORBIDDEN');
  const refusedLater = await runEventline(['quarantine', 'list'], { cwd, env });
  const retried = await runEventline(['quarantine', 'retry', '--all'], { cwd, env });
  expect(await query(tokens.admin, erase, { id: ada.id })).toContain('"events":');
  expect(await post(late)).toBe(200);
  const erased = await runEventline(['erase', '--user', bob.id, '--yes'], { cwd, env });
  expect(erased.code).toBe(0);
  await Promise.all(live.map((subscriber) => subscriber.close()));
  child.kill('SIGTERM');

  const served = await finished;
  expect(served.stderr).toContain('a user was erased');
  expect(served.stderr).toContain('signature-wrong');
  const said = [served, refusedLater, retried, erased]
    .map(({ stdout, stderr }) => `${stdout}${stderr}`)
    .join('');
  const inTokens = Object.values(tokens).flatMap((token) => [token, token.split('.').at(-1) ?? '']);
  const secrets = [...webhookSecrets, jwtSecret, ...inTokens, ...signatures];
  const personal = [...tracesOf(ada), ...tracesOf(bob), words, coverage];
  // An event's id must not be logged: with a guess of the content it would reveal the user.
  const hidden = [...secrets, ...personal, ...ids];
  expect(new Set(hidden).size).toBeGreaterThan(40);
  expect(hidden.filter((text) => said.includes(text))).toEqual([]);
  expect(hidden.filter((text) => said.includes(Buffer.from(text).toString('base64')))).toEqual([]);
});

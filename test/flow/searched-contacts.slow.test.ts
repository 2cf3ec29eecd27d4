import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { sign } from '../../src/webhook/sign.ts';
import { createPerson, deliveryAbout } from '../erasure/someone.ts';
import { startCollector } from '../observability/tracing/collector.ts';
import { freshDatabase } from '../utils/database.ts';
import { lineOf, startEventline } from '../utils/eventline.ts';
import { openSocket } from '../utils/open-socket.ts';
import { postAsSender } from '../utils/post-as-sender.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';

const secret = () => randomBytes(32).toString('base64url');
const FIND =
  'query Find($contact: String!) { usersByContact(contact: $contact) { nodes { userId } } }';

test('what is searched is in no log line, span, metric, error or answer', async () => {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const proxy = await startDatabaseProxy(database.uri);
  onTestFinished(() => proxy.close());
  const collector = await startCollector();
  onTestFinished(() => void collector.close());
  const [webhookSecret, jwtSecret] = [secret(), secret()];
  const env = {
    ...{ MONGODB_URI: proxy.uri, WEBHOOK_SECRETS: webhookSecret, AUTH_JWT_SECRET: jwtSecret },
    ...{ LOG_LEVEL: 'trace', PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    ...{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '20' },
  };
  const { child, finished } = startEventline(['serve'], { cwd: await temporaryDirectory(), env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = /http:\/\/[\d.:]+/.exec(await lineOf(child, 'stdout', /GraphQL +http/))?.[0] ?? '';

  const [ada, unknown] = [createPerson(), createPerson()];
  const deliver = () => {
    const body = deliveryAbout(ada, 'user_first_logged_in');
    return postAsSender(() =>
      fetch(`${url}/webhooks/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Signature': sign(body, webhookSecret) },
        body,
      }),
    );
  };
  expect((await deliver()).status).toBe(200);

  const grouped = (phone: string) => `+34 ${phone.replace(/(\d{3})(?=\d)/g, '$1-')}`;
  const contacts = [ada, unknown].flatMap(({ email, phone }) => [
    ...[email, email.toUpperCase(), phone, grouped(phone), `0034${phone}`],
    // Nothing that can be found: the error must not quote it either.
    ...[`${email} ${phone}`, `mailto:${email}`],
  ]);
  const tokens = {
    personal: await signToken(jwtSecret, { scope: 'events:read pii:read' }, '2h'),
    all: await signToken(jwtSecret, { scope: 'events:read' }, '2h'),
    own: await signToken(jwtSecret, { user: ada.id }, '2h'),
    expired: await signToken(jwtSecret, { scope: 'events:read pii:read' }, '-5m'),
  };
  const answers: string[] = [];
  async function ask(token: string, body: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        ...{ 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        ...headers,
      },
      body,
    });
    const answer = await response.text();
    answers.push(answer);
    return answer;
  }

  for (const contact of contacts) {
    const literal = JSON.stringify(contact);
    const digits = contact.replace(/\D/g, '') || '0';
    const bodies = [
      { query: FIND, variables: { contact } },
      { query: FIND, variables: { contact: [contact] } },
      { query: FIND, variables: { contact: { [contact]: contact } } },
      { query: FIND, variables: { [contact]: contact } },
      { query: FIND, variables: { contact }, extensions: { [contact]: contact } },
      { query: FIND.replace('$contact:', `$contact: Int = ${literal}, $other:`) },
      { query: `{ usersByContact(contact: ${literal}) { nodes { userId } } }` },
      { query: `{ usersByContact(contact: ${digits}) { nodes { userId } } }` },
      { query: `{ usersByContact(contact: [${literal}], first: ${literal}) { nodes { id } } }` },
      { query: `{ usersByContact(contact: ${literal}, after: ${literal}) { nodes { userId } } }` },
      { query: `{ user(id: ${literal}) { currentStatus } event(id: ${literal}) { type } }` },
      { query: `{ installation(id: ${literal}) { lastSeen } node(id: ${literal}) { id } }` },
      { query: `{ users(filter: { statuses: [${literal}] }) { nodes { id } } }` },
      { query: `{ events(filter: { userIds: [${literal}] }) { reached } ${literal} }` },
      { query: `subscription { events(after: ${literal}) { cursor } }` },
      { query: literal, documentId: contact },
    ];
    for (const token of Object.values(tokens)) {
      for (const body of bodies) await ask(token, JSON.stringify(body));
    }
    await ask(tokens.personal, `{"query": ${literal}`);
    await ask(tokens.personal, JSON.stringify(bodies[0]), { 'Content-Type': `text/${digits}` });
    await ask(tokens.personal, JSON.stringify({ query: bodies[14]?.query }), {
      Accept: 'text/event-stream',
    });
    const socket = await openSocket(url, tokens.personal);
    for (const body of bodies) answers.push(JSON.stringify(await socket.errorsOf(body)));
    socket.socket.send(`{"type":${literal},"id":${literal}`);
    answers.push((await socket.closed).reason);
    // A GET is in the logs of proxies, so it is refused, with and without the right.
    const inAddress = new URLSearchParams({ query: FIND, variables: JSON.stringify({ contact }) });
    for (const token of [tokens.personal, tokens.all]) {
      const response = await fetch(`${url}/graphql?${inAddress}`, {
        headers: { Authorization: `Bearer ${token}`, 'GraphQL-Require-Preflight': '1' },
      });
      const answer = await response.text();
      expect(answer).toContain('use POST');
      answers.push(answer);
    }
    answers.push(await (await fetch(`${url}/${encodeURIComponent(contact)}`)).text());
  }
  const found = await ask(
    tokens.personal,
    JSON.stringify({ query: FIND, variables: { contact: ada.email } }),
  );
  expect(JSON.parse(found).data.usersByContact.nodes).toEqual([{ userId: ada.id }]);

  // The errors of a database that has gone.
  proxy.cut();
  for (const contact of [ada.email, grouped(ada.phone)]) {
    const body = JSON.stringify({ query: FIND, variables: { contact } });
    expect(await ask(tokens.personal, body)).toContain('SERVICE_UNAVAILABLE');
  }
  proxy.restore();
  expect((await deliver()).status).toBe(200);
  await collector.until(() => collector.spans.length > 0);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^eventline_graphql_operations_total\{.*\} [1-9]/m);
  child.kill('SIGTERM');
  const { stdout, stderr } = await finished;
  expect(stderr).toContain('"delivery"');

  const said = {
    ...{ answers: answers.join('\n'), log: stdout + stderr, metrics },
    spans: collector.bodies.map(({ bytes }) => bytes.toString()).join('\n'),
  };
  const parts = [ada, unknown].flatMap(({ email, phone }) => [
    ...[email, email.split('@')[0] ?? '', phone, phone.replace(/(\d{3})(?=\d)/g, '$1-')],
  ]);
  const written = [...contacts, ...parts].flatMap((text) => [
    ...[text, encodeURIComponent(text), Buffer.from(text).toString('base64')],
  ]);
  for (const [where, text] of Object.entries(said)) {
    const lower = text.toLowerCase();
    const leaked = written.filter((each) => lower.includes(each.toLowerCase()));
    expect([where, leaked]).toEqual([where, []]);
  }
});

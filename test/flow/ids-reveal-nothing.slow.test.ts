import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createPerson, deliveryAbout } from '../erasure/someone.ts';
import { runEventline } from '../utils/eventline.ts';
import { parsedEvent } from '../utils/parsed-event.ts';
import { deliveryOf, JWT_SECRET, startTestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const PAGE =
  '{ events(first: 100) { edges { cursor node { id cursor } } pageInfo { endCursor } } }';
const KEPT = `{ quarantine(first: 100) {
  edges { cursor node { digest } } pageInfo { startCursor endCursor }
} }`;

/** Returns true if a text contains these bytes as hex or base64, also inside base64. */
function stands(bytes: Buffer, text: string): boolean {
  const forms = (['hex', 'base64', 'base64url'] as const).map((form) => bytes.toString(form));
  // Cut off, since the last characters depend on what follows.
  const found = forms.some((form) => text.toLowerCase().includes(form.slice(0, 40).toLowerCase()));
  const words = text.match(/[\w+/-]{24,}={0,2}/g) ?? [];
  return (
    found ||
    words.some((word) => {
      const decoded = Buffer.from(word, 'base64');
      return decoded.includes(bytes) || forms.some((form) => decoded.includes(form.slice(0, 40)));
    })
  );
}

test('no exposed id is a digest of an event or a body', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.close());
  const reader = await server.token({ scope: 'events:read' });
  const admin = await server.token({ scope: 'events:admin' });
  const live = [subscribeByWebSocket, subscribeBySse].map((subscribe) =>
    subscribe({ url: server.url, query: 'subscription { events { id cursor } }', token: reader }),
  );
  await Promise.all(live.map(({ ready }) => ready));

  const login = deliveryAbout(createPerson(), 'user_first_logged_in');
  const [refused, fixed] = [deliveryOf('app_opened').slice(0, -1), login.slice(1)];
  const answers = [
    await server.postRaw(login),
    await server.postRaw(login),
    await server.postRaw(refused),
    await server.postRaw(fixed),
  ];
  const kept = await server.query(KEPT, {}, admin);
  const digests: string[] = kept.body.data.quarantine.edges.map(
    ({ node }: { node: { digest: string } }) => node.digest,
  );
  const retry = `mutation ($digests: [String!]!) {
    retryQuarantined(digests: $digests) { digest status cursor detail }
  }`;
  const env = {
    MONGODB_URI: server.mongodbUri,
    WEBHOOK_SECRETS: 'unused-secret-of-24-chars',
    AUTH_JWT_SECRET: JWT_SECRET,
  };
  const cwd = await temporaryDirectory();
  const run = async (...args: string[]) => {
    const { stdout, stderr } = await runEventline(args, { cwd, env });
    return `${stdout}${stderr}`;
  };
  const given = [
    ...answers.map(({ body }) => JSON.stringify(body)),
    JSON.stringify((await server.query(PAGE, {}, reader)).body),
    JSON.stringify(await Promise.all(live.map((subscriber) => subscriber.until(1)))),
    JSON.stringify(kept.body),
    JSON.stringify((await server.query(retry, { digests }, admin)).body),
    await run('export', '--url', server.url),
    await run('quarantine', 'list', '--json'),
    await run('quarantine', 'show', digests[0] ?? ''),
    await run('quarantine', 'retry', '--all', '--json'),
    await run('quarantine', 'drop', '--all', '--yes', '--json'),
    server.logLines.join(''),
  ];
  await Promise.all(live.map((subscriber) => subscriber.close()));

  expect(digests).toHaveLength(2);
  expect(given.filter((text) => text === '')).toEqual([]);
  const secret = [
    parsedEvent(Buffer.from(login)).digest,
    ...[login, refused, fixed].map((body) => createHash('sha256').update(body).digest()),
  ];
  for (const text of given) {
    expect(secret.filter((digest) => stands(digest, text)).map(() => text)).toEqual([]);
  }
});

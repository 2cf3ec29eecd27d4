import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Viewer } from '../../../src/auth/viewer.ts';
import { startTestServer } from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';

test('a client that leaves while its token is checked does not count as a query for ever', async () => {
  const viewer: Viewer = {
    userId: null,
    scopes: new Set(['events:read']),
    expiresAtMs: Date.now() + 3_600_000,
  };
  let begin: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const left = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const server = await startTestServer({
    limits: { maxQueriesPerViewer: 1 },
    async authenticate() {
      begin();
      await left;
      return viewer;
    },
  });
  onTestFinished(server.close);
  const { hostname, port } = new URL(server.url);
  const body = JSON.stringify({ query: '{ head }' });
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nAuthorization: Bearer x.y.z\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await begun;
  socket.destroy();
  await waitUntil(() => server.open().connections === 0);
  goOn();
  await waitUntil(async () => {
    const { body } = await server.query('{ head }', {}, 'x.y.z');
    return body.errors === undefined;
  });
  expect((await server.query('{ head }', {}, 'x.y.z')).body.errors).toBeUndefined();
});

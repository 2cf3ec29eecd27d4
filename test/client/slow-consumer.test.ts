import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { connectClient, take } from './connect-client.ts';
import { headOf, postMany, storedCursors } from './stored-cursors.ts';
import { startTcpProxy } from './tcp-proxy.ts';

let server: TestServer;
let start: string;
let expected: string[];
beforeAll(async () => {
  server = await startTestServer();
  start = await headOf(server);
  await postMany(server, 300);
  expected = await storedCursors(server);
});
afterAll(() => server.close());

const token = () => server.token();

test('websocket: too many queued events close the connection, and are read again later', async () => {
  const proxy = await startTcpProxy(server.url);
  const client = connectClient({ url: proxy.url, token, transport: 'websocket', maxWaiting: 40 });
  const events = client.subscribe({ after: start });
  const got = await take(events, 1);
  // The client itself closed the connection; nothing else cuts it here.
  await proxy.waitForNoStreams();
  expect(proxy.streamsSeen()).toBe(1);
  got.push(...(await take(events, 39)));
  // All events were already queued.
  expect(proxy.streamsSeen()).toBe(1);
  got.push(...(await take(events, expected.length - got.length)));
  expect(got.map(({ cursor }) => cursor)).toEqual(expected);
  expect(proxy.streamsSeen()).toBeGreaterThan(1);
  expect(client.statuses()).not.toContain('waiting');
  await proxy.close();
});

test('sse: the client reads no more than it is asked for', async () => {
  let reads = 0;
  const counting: typeof fetch = async (...args) => {
    const response = await fetch(...args);
    const reader = response.body?.getReader();
    const body = new ReadableStream(
      {
        async pull(controller) {
          reads += 1;
          const { done, value } = (await reader?.read()) ?? { done: true };
          if (done) controller.close();
          else controller.enqueue(value);
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, response);
  };
  const client = connectClient({ url: server.url, token, transport: 'sse', fetch: counting });
  const events = client.subscribe({ after: start });
  const got = await take(events, 1);
  const readsForOne = reads;
  got.push(...(await take(events, expected.length - 1)));
  expect(got.map(({ cursor }) => cursor)).toEqual(expected);
  expect(readsForOne).toBeLessThan(10);
  expect(reads).toBeGreaterThan(readsForOne);
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { holdLongTimers, type LongTimers } from '../auth/hold-long-timers.ts';
import { storedCursors } from '../client/stored-cursors.ts';
import { startTcpProxy, type TcpProxy } from '../client/tcp-proxy.ts';
import { launchBrowser } from '../utils/browser.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../utils/server.ts';
import { openEvents, serveExample } from './open-example.ts';

const HOUR_MS = 3_600_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function post(server: TestServer, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const { status } = await server.post('message_sent');
    if (status !== 200) throw new Error(`answered ${status}`);
  }
}

/** Issues tokens, and lets the test act during a request for one. */
function createTokens() {
  const given: string[] = [];
  let beforeNext: (() => Promise<void>) | undefined;
  return {
    given,
    async sign(): Promise<string> {
      await beforeNext?.();
      beforeNext = undefined;
      const claims = { user: `user-${given.length}`, scope: 'events:read' };
      const token = await signToken(JWT_SECRET, claims, '2 hours');
      given.push(token);
      return token;
    },
    /**
     * Runs `work` between the next request for a token and its answer; resolves when it is done.
     */
    onNext: (work: () => Promise<void>) =>
      new Promise<void>((resolve) => {
        beforeNext = () => work().then(resolve);
      }),
  };
}

async function openServer(options: Parameters<typeof startTestServer>[0]) {
  const server = await startTestServer(options);
  onTestFinished(() => server.close());
  const proxy = await startTcpProxy(server.url);
  onTestFinished(() => proxy.close());
  return { server, proxy };
}

async function openPage(name: string, signToken: () => Promise<string>, eventlineUrl: string) {
  const preview = await serveExample(name, { eventlineUrl, signToken });
  onTestFinished(() => preview.close());
  return (preview.resolvedUrls?.local[0] ?? '').replace(/\/$/, '');
}

test.for(['react-urql', 'react-apollo'])(
  '%s shows each event once, despite lost connections',
  async (name) => {
    const timers = holdLongTimers();
    const tokens = createTokens();
    const { server, proxy } = await openServer({});
    const url = await openPage(name, tokens.sign, proxy.url);
    // The page starts with stored events.
    await post(server, 3);
    await loseConnections({ server, proxy, tokens, timers, url });
  },
);

test('react shows each event once, despite lost connections', async () => {
  const timers = holdLongTimers();
  const tokens = createTokens();
  const { server, proxy } = await openServer({});
  const url = await openPage('react', tokens.sign, proxy.url);
  await loseConnections({ server, proxy, tokens, timers, url });
});

test('sse-page shows each event once, from another origin', async () => {
  const timers = holdLongTimers();
  const tokens = createTokens();
  const url = await openPage('sse-page', tokens.sign, 'http://127.0.0.1:1');
  const { server, proxy } = await openServer({ allowedOrigins: [url] });
  await loseConnections({ server, proxy, tokens, timers, url: `${url}?server=${proxy.url}` });
});

interface Opened {
  server: TestServer;
  proxy: TcpProxy;
  tokens: ReturnType<typeof createTokens>;
  timers: LongTimers;
  url: string;
}

/**
 * Opens the page, ends its connections in both ways, and compares the shown events with the log.
 */
async function loseConnections({ server, proxy, tokens, timers, url }: Opened): Promise<void> {
  const last = async () => (await storedCursors(server)).at(-1) ?? '';
  const shown = await openEvents(browser, url);
  await shown.untilState('live');
  await post(server, 3);
  await shown.until(await last());

  // The token expires, and events arrive while the page has no connection.
  const isAskedForToken = tokens.onNext(() => post(server, 2));
  timers.fire(2 * HOUR_MS);
  await isAskedForToken;
  await shown.until(await last());
  await post(server, 1);
  await shown.until(await last());

  // The network fails.
  proxy.cut();
  await shown.untilState('reconnecting');
  await post(server, 3);
  proxy.restore();
  await shown.untilState('live');
  await post(server, 2);
  await shown.until(await last());

  expect(await shown.cursors()).toEqual(await storedCursors(server));
  expect(shown.errors).toEqual([]);
  await shown.page.close();
}

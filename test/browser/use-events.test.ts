import { join } from 'node:path';
import type { Browser, Page, WebSocket } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { headOf, postMany, storedCursors } from '../client/stored-cursors.ts';
import { BROWSER_PATIENCE_MS, launchBrowser } from '../utils/browser.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { waitUntil } from '../utils/wait-until.ts';

const CLIENT = join(import.meta.dirname, '../../src/client');

/** Renders what `useEvents` returns; `show` renders with other options, or without a client. */
const PAGE = `
  import { createElement, StrictMode } from 'react';
  import { createRoot } from 'react-dom/client';
  import { createEventsClient } from '${CLIENT}/create-events-client.ts';
  import { useEvents } from '${CLIENT}/react/use-events.ts';

  function Live({ client, options }) {
    const { events, state, error } = useEvents(client, options);
    const cursors = events.map(({ cursor }) => cursor);
    return createElement('output', null, JSON.stringify({ cursors, status: state.status, error: error?.code }));
  }
  const root = createRoot(document.body);
  let client;
  globalThis.start = (options) => { client = createEventsClient(options); };
  globalThis.show = (options) =>
    root.render(createElement(StrictMode, null, createElement(Live, { client, options })));
  globalThis.leave = () => root.render(null);
`;

let server: TestServer;
let browser: Browser;
let script: string;
beforeAll(async () => {
  [server, browser, script] = await Promise.all([startTestServer(), launchBrowser(), bundle()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function bundle(): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { write: false, minify: false, rolldownOptions: { input: 'page' } },
    plugins: [
      {
        name: 'page',
        enforce: 'pre',
        // Packages are found from the top of the project.
        resolveId: (id) => (id === 'page' ? join(CLIENT, '../page.js') : undefined),
        load: (id) => (id.endsWith('/src/page.js') ? PAGE : undefined),
      },
    ],
  })) as Rolldown.RolldownOutput;
  return output[0].code;
}

interface Shown {
  cursors: string[];
  status: string;
  error?: string;
}

async function openPage() {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  page.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const sockets: WebSocket[] = [];
  page.on('websocket', (socket) => void sockets.push(socket));
  await page.route(`${server.url}/page*`, (route) => {
    const isScript = route.request().url().endsWith('.js');
    return route.fulfill(
      isScript
        ? { contentType: 'text/javascript', body: script }
        : {
            contentType: 'text/html',
            body: '<!doctype html><body></body><script type="module" src="/page.js"></script>',
          },
    );
  });
  await page.goto(`${server.url}/page`);
  const until = async (isShown: (shown: Shown) => boolean) => {
    let shown: Shown | undefined;
    await waitUntil(async () => {
      shown = JSON.parse((await page.locator('output').textContent()) ?? '');
      return shown !== undefined && isShown(shown);
    });
    return shown as Shown;
  };
  return { page, sockets, until };
}

const call = (page: Page, name: string, options: object = {}) =>
  page.evaluate(`${name}(${JSON.stringify(options)})`);

const startClient = async (page: Page) =>
  call(page, 'start', { url: '/', token: await server.token(), transport: 'websocket' });

test('keeps the latest events in order, and one subscription across renderings', async () => {
  const after = await headOf(server);
  await postMany(server, 10);
  const { page, sockets, until } = await openPage();
  await startClient(page);
  await call(page, 'show', { after, limit: 4 });
  const [last] = (await storedCursors(server)).slice(-1);
  const stored = (await storedCursors(server)).slice(-4);
  expect(await until(({ cursors }) => cursors.at(-1) === last)).toMatchObject({ cursors: stored });
  await until(({ status }) => status === 'live');
  // Strict mode mounts twice.
  const opened = sockets.length;

  await call(page, 'show', { after, limit: 4 });
  await postMany(server, 2);
  const newest = (await storedCursors(server)).slice(-4);
  const shown = await until(({ cursors }) => cursors.at(-1) === newest.at(-1));
  expect(shown).toEqual({ cursors: newest, status: 'live' });
  expect(sockets).toHaveLength(opened);
});

test('other options start a new list, and leaving ends the subscription', async () => {
  const after = await headOf(server);
  await postMany(server, 6);
  const { page, sockets, until } = await openPage();
  await startClient(page);
  await call(page, 'show', { after });
  await until(({ cursors }) => cursors.length === 6);

  const filter = { types: ['APP_OPENED' as const] };
  await call(page, 'show', { after, ...filter });
  const opened = (await storedCursors(server, filter)).slice(-2);
  await until(({ cursors }) => cursors.at(-1) === opened.at(-1));
  expect(await until(({ status }) => status === 'live')).toMatchObject({ cursors: opened });

  await call(page, 'leave');
  await waitUntil(() => sockets.every((socket) => socket.isClosed()));
  expect(sockets.length).toBeGreaterThan(1);
});

test('shows the error that ends the subscription, and nothing without a client', async () => {
  const { page, until } = await openPage();
  await call(page, 'show');
  expect(await until(() => true)).toEqual({ cursors: [], status: 'closed' });
  await startClient(page);
  await call(page, 'show', { after: 'nonsense' });
  const ended = await until(({ error }) => error !== undefined);
  expect(ended).toEqual({ cursors: [], status: 'closed', error: 'CURSOR_INVALID' });
});

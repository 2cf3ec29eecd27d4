import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transports } from '../client/connect-client.ts';
import { headOf, postMany, storedCursors } from '../client/stored-cursors.ts';
import { BROWSER_PATIENCE_MS, launchBrowser } from '../utils/browser.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The built package, unbundled, so that no Node built-in can be filled in. */
const PATH = '/modules/client/';
const FILES = join(ROOT, 'packages/client/dist/esm');
const IMPORTS = { '@eventline/client': `${PATH}create-events-client.js` };
const PAGE = `<!doctype html><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`;

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function openPage() {
  const page = await browser.newPage();
  page.setDefaultTimeout(BROWSER_PATIENCE_MS);
  await page.route(`${server.url}/page`, (route) =>
    route.fulfill({ contentType: 'text/html', body: PAGE }),
  );
  await page.route(`${server.url}${PATH}**`, async (route) => {
    const file = new URL(route.request().url()).pathname.slice(PATH.length);
    const body = await readFile(join(FILES, file), 'utf8');
    await route.fulfill({ contentType: 'text/javascript', body });
  });
  await page.goto(`${server.url}/page`);
  return page;
}

test.for(transports)('%s: the client follows the log in a browser', async (transport) => {
  const after = await headOf(server);
  await postMany(server, 10);
  const page = await openPage();
  // A string, because the test tools would rewrite an import in a function.
  await page.evaluate(`(async () => {
    const { createEventsClient } = await import('@eventline/client');
    const options = ${JSON.stringify({ url: '/', token: await server.token(), transport })};
    window.client = createEventsClient(options);
    window.events = window.client.subscribe({ after: ${JSON.stringify(after)} });
    window.take = async (count) => {
      const cursors = [];
      while (cursors.length < count) cursors.push((await window.events.next()).value.cursor);
      return cursors;
    };
  })()`);
  const got = (await page.evaluate('take(10)')) as string[];
  expect(await page.evaluate('client.state')).toEqual({ status: 'live', transport });
  const live = page.evaluate('take(3)');
  await postMany(server, 3);
  got.push(...((await live) as string[]));
  expect(got).toEqual((await storedCursors(server)).slice(-13));
  await page.evaluate('client.close()');
  expect(await page.evaluate('client.state')).toEqual({ status: 'closed' });
  await page.close();
});

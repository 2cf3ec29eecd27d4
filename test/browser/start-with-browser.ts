import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { ServerOptions } from '../../src/server/server-options.ts';
import { launchBrowser } from '../utils/browser.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

const directory = join(import.meta.dirname, '../../dist/web');

/** Starts a server with the built live page, and a browser. */
export async function startWithBrowser(options: Partial<ServerOptions> = {}): Promise<{
  server: TestServer;
  browser: Browser;
  close: () => Promise<void>;
}> {
  const [server, browser] = await Promise.all([
    startTestServer({ livePage: { directory }, ...options }),
    launchBrowser(),
  ]);
  return {
    server,
    browser,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

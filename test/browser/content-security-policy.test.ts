import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BROWSER_PATIENCE_MS, launchBrowser } from '../utils/browser.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { openGraphiql } from './graphiql-page.ts';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('GraphiQL works under its Content-Security-Policy without a violation', async () => {
  const graphiql = await openGraphiql(browser, `${server.url}/graphql`);
  const { page } = graphiql;
  // Runs before any script of the page.
  await page.addInitScript(() => {
    const violations: string[] = [];
    Reflect.set(globalThis, 'violations', violations);
    const document = Reflect.get(globalThis, 'document');
    document.addEventListener(
      'securitypolicyviolation',
      ({ violatedDirective, blockedURI }: { violatedDirective: string; blockedURI: string }) =>
        violations.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  await graphiql.reload();
  await graphiql.typeHeaders(JSON.stringify({ Authorization: `Bearer ${await server.token()}` }));

  // Uses the editors with their workers, a query, the introspected documentation, and a reload.
  await graphiql.typeQuery('query FromTheBrowser { head }');
  await graphiql.run();
  await graphiql.waitForResult('"head"');
  await page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click();
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).click();
  await page.getByText('Queries of stored data.', { exact: false }).first().waitFor();
  // Checks the listener itself: an image from another host must be reported.
  const before = await page.evaluate(() => Reflect.get(globalThis, 'violations').slice());
  expect(before).toEqual([]);
  expect(graphiql.errors).toEqual([]);

  await page.evaluate(() => {
    const document = Reflect.get(globalThis, 'document');
    const script = document.createElement('script');
    script.textContent = 'globalThis.injected = true';
    document.body.append(script);
  });
  await page.waitForFunction(() => Reflect.get(globalThis, 'violations').length > 0);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'injected'))).toBe(undefined);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'violations'))).toEqual([
    expect.stringMatching(/^script-src/),
  ]);
  await page.context().close();
});

test('a page of another origin can neither frame it, read it, nor connect to it', async () => {
  const other = await startTestServer();
  const context = await browser.newContext();
  context.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const page = await context.newPage();
  // A page without its own policy on another port is another origin.
  await page.route(`${other.url}/page`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>other</title>' }),
  );
  await page.goto(`${other.url}/page`);
  const seen = await page.evaluate(
    async ({ target, token }) => {
      const attempt = (init?: object) =>
        fetch(`${target}/graphql`, init).then(
          () => 'read',
          () => 'blocked',
        );
      const body = '{"query":"{ head }"}';
      const simple = await attempt({
        method: 'POST',
        body,
        headers: { 'Content-Type': 'text/plain' },
      });
      const withToken = await attempt({
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      });
      const WebSocket = Reflect.get(globalThis, 'WebSocket');
      const socket = new WebSocket(
        `${target.replace('http', 'ws')}/graphql`,
        'graphql-transport-ws',
      );
      const connected = await new Promise((resolve) => {
        socket.onopen = () => resolve('open');
        socket.onclose = () => resolve('closed');
      });
      const document = Reflect.get(globalThis, 'document');
      const frame = document.createElement('iframe');
      frame.src = `${target}/graphql`;
      await new Promise((resolve) => {
        frame.onload = resolve;
        document.body.append(frame);
      });
      return { simple, withToken, connected };
    },
    { target: server.url, token: await server.token() },
  );
  expect(seen).toEqual({ simple: 'blocked', withToken: 'blocked', connected: 'closed' });
  const [, frame] = page.frames();
  expect(await frame?.title()).not.toBe('Eventline');
  await context.close();
  await other.close();
});

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphiqlExamples } from '../../src/server/pages/graphiql-examples.ts';
import { launchBrowser } from '../utils/browser.ts';
import { startTestServer } from '../utils/server.ts';
import { testSignal } from '../utils/test-signal.ts';
import { type GraphiqlPage, openGraphiql } from './graphiql-page.ts';

const LIVE_PAGE = fileURLToPath(new URL('../../dist/web', import.meta.url));
const screenshots = fileURLToPath(new URL('./screenshots/', import.meta.url));
let server: Awaited<ReturnType<typeof startTestServer>>;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  await mkdir(screenshots, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('a query finds a posted event, and the page loads nothing from another host', async () => {
  const { body } = await server.post('message_sent');
  const graphiql = await openGraphiql(browser, `${server.url}/graphql`);
  await graphiql.page.screenshot({ path: `${screenshots}first-visit.png` });
  await graphiql.openTab('LatestEvents');
  await useToken(graphiql, await server.token({ scope: 'events:read' }));
  await graphiql.run();

  await graphiql.waitForResult('MESSAGE_SENT');
  await graphiql.page.screenshot({ path: `${screenshots}query.png` });
  expect(body).toMatchObject({ id: expect.any(String), position: expect.any(Number) });
  expect(await graphiql.page.title()).toBe('Eventline');
  expect(graphiql.foreignRequests).toEqual([]);
  expect(graphiql.errors).toEqual([]);
  await graphiql.page.context().close();
});

test('it opens on the variables, says what to do, and links to the live page', async () => {
  const token = await server.token({ scope: 'events:read' });
  const other = await startTestServer({
    ...{ livePage: { directory: LIVE_PAGE }, graphiql: { token: async () => token } },
  });
  const graphiql = await openGraphiql(browser, `${other.url}/graphql`);
  const { page } = graphiql;
  const untilHint = (text: string) =>
    page.waitForFunction((expected) => {
      const pane = Reflect.get(globalThis, 'document').querySelector('.graphiql-response');
      const styleOf = Reflect.get(globalThis, 'getComputedStyle');
      return pane && styleOf(pane, '::after').content.includes(expected);
    }, text);
  await untilHint('Press the play button');
  const variables = page.locator('section.graphiql-editor-tool .graphiql-editor:not(.hidden)');
  await variables.locator('.view-lines').filter({ hasText: 'userIds' }).waitFor();
  // The headers have it, and are not drawn.
  expect(await page.getByText('Bearer').count()).toBe(0);
  await page.screenshot({ path: `${screenshots}empty-result.png` });
  const opened = page.waitForEvent('websocket');
  await graphiql.run();
  await untilHint('Waiting for the server');
  await postUntilFirstArrives(await opened, other);
  await untilHint('none');
  expect(await page.getByRole('link', { name: 'Live page' }).getAttribute('href')).toBe('/');
  await page.context().close();
  await other.close();
});

test('a menu opens every example, also one whose tab was closed', async () => {
  const graphiql = await openGraphiql(browser, `${server.url}/graphql`);
  const { page } = graphiql;
  const menu = page.getByLabel('Examples');
  const names = graphiqlExamples.map(
    ({ query }) => /(?:query|subscription) (\w+)/.exec(query)?.[1],
  );
  expect((await menu.locator('option').allTextContents()).slice(1)).toEqual(names);
  for (const name of names) {
    await menu.selectOption(String(name));
    await page.locator('.graphiql-tab-active', { hasText: String(name) }).waitFor();
    expect(await menu.inputValue()).toBe('');
  }
  const closed = page.locator('.graphiql-tab', { hasText: 'UserStory' });
  await closed.hover();
  await closed.locator('.graphiql-tab-close').click();
  await closed.waitFor({ state: 'detached' });
  await menu.selectOption('UserStory');
  await page.locator('.graphiql-tab-active', { hasText: 'UserStory' }).waitFor();
  await page.locator('.graphiql-query-editor .view-lines', { hasText: 'what happened' }).waitFor();
  expect(graphiql.errors).toEqual([]);
  await page.context().close();
});

test('a subscription shows events as they arrive, and an error for a refused token', async () => {
  const graphiql = await openGraphiql(browser, `${server.url}/graphql`);
  const token = await server.token({ scope: 'events:read' });
  await useToken(graphiql, token);

  const opened = graphiql.page.waitForEvent('websocket');
  await graphiql.run();
  const socket = await opened;
  await postUntilFirstArrives(socket);
  const userId = randomUUID();
  await server.post('message_read', { user_id: userId });
  await graphiql.waitForResult(userId);
  await graphiql.page.screenshot({ path: `${screenshots}subscription.png` });

  // The running subscription keeps its socket; the next one must not reuse it or its token.
  const closed = socket.waitForEvent('close');
  await useToken(graphiql, 'not-a-token');
  await graphiql.run();
  await closed;
  const sent: string[] = [];
  graphiql.page.on('websocket', (next) => {
    next.on('framesent', ({ payload }) => sent.push(String(payload)));
  });
  await graphiql.run();
  await graphiql.waitForResult('The server closed the WebSocket: 44');
  await graphiql.page.screenshot({ path: `${screenshots}refused.png` });
  expect(sent.map((frame) => JSON.parse(frame))).toContainEqual({
    type: 'connection_init',
    payload: { Authorization: 'Bearer not-a-token' },
  });
  expect(sent.join()).not.toContain(token);

  await graphiql.openTab('LatestEvents');
  await useToken(graphiql, 'not-a-token');
  await graphiql.run();
  await graphiql.waitForResult('UNAUTHENTICATED');
  expect(graphiql.errors).toEqual([]);
  await graphiql.page.context().close();
});

test('the explorer builds a runnable query, and the history restores it', async () => {
  const graphiql = await openGraphiql(browser, `${server.url}/graphql`);
  const { page } = graphiql;
  await useToken(graphiql, await server.token());
  await graphiql.typeQuery('query Built { __typename }');
  await graphiql.run();
  await graphiql.waitForResult('"Query"');
  // A new schema redraws the explorer, and an earlier click would be lost.
  const introspected = page.waitForResponse(
    (answer) => answer.ok() && String(answer.request().postData()).includes('IntrospectionQuery'),
  );
  await page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click();
  await introspected;
  await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click();
  const explorer = page.locator('.graphiql-explorer-root');
  await explorer.getByText('head', { exact: true }).click();
  await page.screenshot({ path: `${screenshots}explorer.png` });
  await page.locator('.graphiql-query-editor').getByText('head').waitFor();
  await graphiql.run();
  await graphiql.waitForResult('"head"');

  await graphiql.typeQuery('query Other { __typename }');
  await page.getByRole('button', { name: 'Show History' }).click();
  await page.screenshot({ path: `${screenshots}history.png` });
  await page.locator('.graphiql-history-item-label', { hasText: 'Built' }).first().click();
  await page.locator('.graphiql-query-editor').getByText('head').waitFor();
  expect(graphiql.foreignRequests).toEqual([]);
  expect(graphiql.errors).toEqual([]);
  await page.context().close();
});

function useToken(graphiql: GraphiqlPage, token: string): Promise<void> {
  return graphiql.typeHeaders(JSON.stringify({ Authorization: `Bearer ${token}` }));
}

/**
 * The protocol does not report when a subscription has started. Without a cursor it starts with the
 * next event, so this posts events one by one until one arrives.
 */
async function postUntilFirstArrives(socket: WebSocket, to = server): Promise<void> {
  let hasArrived = false;
  const signal = testSignal();
  const arrival = socket.waitForEvent('framereceived', {
    predicate: ({ payload }) => JSON.parse(String(payload)).type === 'next',
  });
  const noted = arrival.then(() => {
    hasArrived = true;
  });
  while (!hasArrived && !signal.aborted) await Promise.race([noted, to.post('app_opened')]);
  await noted;
}

test('on a phone the answer is below the operation, and both are readable', async () => {
  const { page } = await openGraphiql(browser, `${server.url}/graphql`, {
    ...{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  });
  await page.locator('.graphiql-execute-button').waitFor();
  const boxes = await page
    .locator('.graphiql-editors, .graphiql-response')
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()))
    .then((all) => all.map(({ x, y, width, height }) => ({ x, y, width, height })));
  const [editors, response] = boxes;
  if (!editors || !response) throw new Error('no panes');
  expect(editors.y + editors.height).toBeLessThanOrEqual(response.y);
  expect(response.y + response.height).toBeLessThanOrEqual(844);
  expect([editors.width > 300, response.width > 300]).toEqual([true, true]);
  await page.getByRole('combobox', { name: 'Examples' }).waitFor();
  await page.context().close();
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type GraphiqlOptions, renderGraphiql } from '../../src/server/pages/graphiql.ts';
import { graphiqlExamples } from '../../src/server/pages/graphiql-examples.ts';
import { launchBrowser } from '../utils/browser.ts';
import { openGraphiql } from './graphiql-page.ts';

const titles = [
  'LiveEvents',
  'LatestEvents',
  'UserStory',
  'UnreadMessages',
  'MessagesPerDay',
  'ActiveUsers',
  'ReadDelays',
  'Installs',
  'PlanChanges',
  'OneEvent',
  'NotUnderstood',
];
const development = { endpoint: '/graphql', token: 'first-token', tabs: graphiqlExamples };

// Serves only the page, so that its options can change between two visits.
let options: GraphiqlOptions;
let server: Server;
let browser: Browser;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const isPage = request.method === 'GET';
    response.setHeader('content-type', isPage ? 'text/html' : 'application/json');
    if (!isPage) return response.end('{"errors":[{"message":"The page alone."}]}');
    const { html, policy } = renderGraphiql(options);
    response.setHeader('content-security-policy', policy);
    return response.end(html);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  browser = await launchBrowser();
});

beforeEach(() => {
  options = development;
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

test('the examples open once, and a reload returns to the same tab', async () => {
  const graphiql = await openGraphiql(browser, url);
  expect(await graphiql.tabTitles()).toEqual(titles);
  expect(await graphiql.activeTabTitle()).toBe('LiveEvents');

  await graphiql.openTab('UserStory');
  await graphiql.waitForStored('"activeTabIndex":2');
  for (const _ of ['one reload', 'and another']) {
    await graphiql.reload();
    expect(await graphiql.tabTitles()).toEqual(titles);
    expect(await graphiql.activeTabTitle()).toBe('UserStory');
  }
  expect(graphiql.foreignRequests).toEqual([]);
  expect(graphiql.errors).toEqual([]);
  await graphiql.page.context().close();
});

test('a new development token replaces all stored ones; an unchanged token replaces none', async () => {
  const graphiql = await openGraphiql(browser, url);
  expect(JSON.parse(await graphiql.headers())).toEqual({ Authorization: 'Bearer first-token' });
  await graphiql.openTab('LatestEvents');
  await graphiql.typeHeaders('{"X-Kept": "yes", "authorization": "Bearer typed-token"}');
  // With an escaped quote it is stored in the tab, not only among the last headers.
  await graphiql.waitForStored('Bearer typed-token\\"');
  await graphiql.run();
  await graphiql.waitForResult('The page alone.');

  await graphiql.reload();
  expect(await graphiql.headers()).toContain('Bearer typed-token');

  options = { ...development, token: 'second-token' };
  await graphiql.reload();
  expect(JSON.parse(await graphiql.headers())).toEqual({
    'X-Kept': 'yes',
    authorization: 'Bearer second-token',
  });
  await graphiql.openTab('LiveEvents');
  expect(await graphiql.headers()).toContain('Bearer second-token');
  expect(await graphiql.stored()).not.toMatch(/first-token|typed-token/);
  expect(graphiql.errors).toEqual([]);
  await graphiql.page.context().close();
});

test('without a development token the headers tab explains where a token goes, and stores none', async () => {
  options = { endpoint: '/graphql', tabs: graphiqlExamples };
  const graphiql = await openGraphiql(browser, url);
  expect(JSON.parse(await graphiql.headers())).toEqual({
    Authorization: 'Bearer <paste a token here>',
  });
  await graphiql.typeHeaders('{"Authorization": "Bearer typed-token"}');
  await graphiql.typeQuery('query Typed { __typename }');
  const sent = graphiql.page.waitForRequest((request) => request.method() === 'POST');
  await graphiql.run();
  expect((await sent).headers().authorization).toBe('Bearer typed-token');
  await graphiql.waitForResult('The page alone.');
  await graphiql.waitForStored('"title":"Typed"');

  await graphiql.reload();
  expect(await graphiql.tabTitles()).toEqual(['Typed', ...titles.slice(1)]);
  expect(await graphiql.headers()).toContain('paste a token here');
  expect(await graphiql.stored()).not.toContain('typed-token');
  expect(graphiql.errors).toEqual([]);
  await graphiql.page.context().close();
});

test('a subscription shows an error when no WebSocket can be opened', async () => {
  const graphiql = await openGraphiql(browser, url);
  await graphiql.run();
  await graphiql.waitForResult('The WebSocket could not be opened.');
  await graphiql.page.context().close();
});

test('no text in a tab can break out of its place in the page', async () => {
  const query = '# </script><!-- <script>\nquery Hostile { __typename }\n';
  options = { ...development, tabs: [{ query }] };
  const graphiql = await openGraphiql(browser, url);
  expect(await graphiql.tabTitles()).toEqual(['Hostile']);
  expect(graphiql.errors).toEqual([]);
  await graphiql.page.context().close();
});

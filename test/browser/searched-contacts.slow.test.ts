import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestServer } from '../utils/server.ts';
import { openGraphiql } from './graphiql-page.ts';
import { openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

const EMAIL = 'sought@mail.example';
const CONTACT = /sought(@|%40)|mail\.example|666.?123.?123/i;
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser({ graphiql: {} }));
  const contact = { email: EMAIL, mobile_phone: '666123123', mobile_phone_prefix: '34' };
  await server.post('user_first_logged_in', { user_id: '32402404G', ...contact });
});
afterAll(() => close?.());

/** Watches what others can read of a page: what it requests, and what it writes to the console. */
function watch(page: Page): string[] {
  const seen: string[] = [];
  page.on('request', (request) => seen.push(request.url()));
  page.on('console', (message) => seen.push(message.text()));
  return seen;
}

/** Returns the addresses and titles that the browser keeps of a tab. */
async function historyOf(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  return entries.flatMap(({ url, userTypedURL, title }) => [url, userTypedURL, title]);
}

test('the live page keeps what is searched out of addresses and the history', async () => {
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  const seen = watch(page);
  await live.signIn(await server.token());
  await live.live();
  for (const contact of [EMAIL, '+34 666 123 123', '0034666123123']) {
    await page.keyboard.press('/');
    await page.keyboard.insertText(contact);
    await page.getByRole('menuitem', { name: /^User 32402404G/ }).click();
    await page.getByRole('heading', { name: 'User 32402404G' }).waitFor();
    await page.locator('.timeline [data-id]').first().waitFor();
    await page.getByRole('link', { name: /^Eventline/ }).click();
    await live.live();
  }
  // A filter is in the address, so it takes ids only.
  await page.getByRole('button', { name: 'User', exact: true }).click();
  const choice = page.getByRole('dialog', { name: 'User' });
  await choice.getByRole('textbox').fill(`32402404G, ${EMAIL}`);
  await page.keyboard.press('Enter');
  await choice.getByText('An id, not an e-mail address').waitFor();
  await choice.getByRole('textbox').fill('32402404G');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/\?user=32402404G$/);
  await page.reload();
  await live.live();
  const history = await historyOf(page);
  expect(history.length).toBeGreaterThan(6);
  expect([...history, ...seen].filter((text) => CONTACT.test(text))).toEqual([]);
  expect(live.errors).toEqual([]);
  await live.close();
});

test('GraphiQL keeps variables and literals out of addresses and the history', async () => {
  const graphiql = await openGraphiql(browser, `${server.url}/graphql`);
  const { page } = graphiql;
  const seen = watch(page);
  await graphiql.typeHeaders(JSON.stringify({ Authorization: `Bearer ${await server.token()}` }));
  const find = (contact: string) => `usersByContact(contact: ${contact}) { nodes { userId } }`;
  await graphiql.typeQuery(`query ByLiteral { ${find(JSON.stringify(EMAIL))} }`);
  await graphiql.run();
  await graphiql.waitForResult('32402404G');
  await graphiql.typeQuery(`query ByVariable($contact: String!) { found: ${find('$contact')} }`);
  await graphiql.typeVariables(JSON.stringify({ contact: '+34 666 123 123' }));
  await graphiql.run();
  await graphiql.waitForResult('found');
  await graphiql.waitForStored('ByVariable');
  await graphiql.reload();
  const history = await historyOf(page);
  expect(history.length).toBeGreaterThan(2);
  expect([...history, ...seen].filter((text) => CONTACT.test(text))).toEqual([]);
  await page.context().close();
});

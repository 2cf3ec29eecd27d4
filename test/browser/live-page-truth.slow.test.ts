import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../utils/database.ts';
import type { TestServer } from '../utils/server.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../webhook/database-proxy.ts';
import { axeViolations } from './axe-violations.ts';
import { openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

const INSTALLATION = 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f';
let proxy: DatabaseProxy;
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
beforeAll(async () => {
  const { uri } = await freshDatabase();
  proxy = await startDatabaseProxy(uri);
  ({ server, browser, close } = await startWithBrowser({ mongodbUri: proxy.uri }));
});
afterAll(async () => {
  await close?.();
  await proxy?.close();
});

test('while the lists cannot be read, a user is shown with everything else, and never as absent', async () => {
  // Holds every connection that reads or writes the checkpoint of the lists.
  const held = proxy.hold('foldedUpTo');
  await server.post('installation_created', { installation_id: INSTALLATION });
  const { body } = await server.post('user_logged_in', {
    user_id: 'told',
    installation_id: INSTALLATION,
  });
  await held;
  const live = await openLivePage(browser, `${server.url}/#/users/told`);
  const { page } = live;
  await live.signIn(await server.token());
  await page.locator(`.timeline [data-id="${body.id}"]`).waitFor();
  await page.locator('dd .badge').getByText('premium').waitFor();
  const devices = page.locator('section').filter({ hasText: /^Devices/ });
  await devices.getByText('Loading …').waitFor();
  expect(await page.locator('main.details').textContent()).not.toMatch(/There are no|No event/);
  proxy.release();
  await devices.getByRole('link', { name: INSTALLATION.slice(0, 8) }).waitFor();
  expect(live.errors).toEqual([]);
  await live.close();
});

test('while the database is away, a page says so and shows what there is once it is back', async () => {
  const { body } = await server.post('message_sent', { user_id: 'later' });
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.waitForRow(body.id);
  proxy.cut();
  await page.goto(`${server.url}/#/users/later`);
  await page.locator('main.details .pending').getByText('Waiting to reconnect').waitFor();
  expect(await page.locator('main.details').textContent()).not.toMatch(/There are no/);
  proxy.restore();
  await page.getByText('Events by type').waitFor();
  await page.locator(`.timeline [data-id="${body.id}"]`).waitFor();
  await live.close();
});

/** Changes what the page asks, so that the server answers with an error. */
async function spoil(page: Page, asked: RegExp, by: string): Promise<void> {
  await page.route('**/graphql', (route) => {
    const body = route.request().postData() ?? '';
    return route.continue({ postData: body.replace(asked, by) });
  });
}

test('a part that fails says why instead of being empty, and is shown after another try', async () => {
  const { body } = await server.post('user_logged_in', {
    user_id: 'failing',
    installation_id: INSTALLATION,
  });
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.waitForRow(body.id);

  await spoil(page, /installations\(last: 20\)/, 'installations(first: 1, last: 20)');
  await page.goto(`${server.url}/#/users/failing`);
  const devices = page.locator('section').filter({ hasText: /^Devices/ });
  await devices.getByText('This cannot be shown: Give `first` or `last`, not both.').waitFor();
  expect(await devices.textContent()).not.toContain('No event');
  await page.unrouteAll();
  await devices.getByRole('button', { name: 'Try again' }).click();
  await devices.getByRole('link', { name: INSTALLATION.slice(0, 8) }).waitFor();

  const failing = 'installations(first: 1, last: 1) { edges { cursor } }';
  await spoil(page, /(FindUser.*?user\(id: \$id\) \{)/, `$1 ${failing}`);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search' });
  await palette.getByRole('searchbox').fill('failing');
  await palette.getByRole('alert').getByText('Give `first` or `last`, not both.').waitFor();
  expect(await palette.textContent()).not.toContain('Nothing that you may see');
  await page.unrouteAll();
  await palette.getByRole('button', { name: 'Try again' }).click();
  await palette.getByRole('menuitem', { name: /^User failing/ }).waitFor();
  expect(live.errors).toEqual([]);
  await live.close();
});

test('the chart and the health line say why they cannot be read, and come back', async () => {
  const { body } = await server.post('message_sent', { user_id: 'counted' });
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await spoil(page, /rows \{|listsLagSeconds/, '$& aFieldOfAnotherVersion ');
  await live.signIn(await server.token());
  await live.waitForRow(body.id);
  const chart = page.locator('.view .chart');
  await chart.getByText('Cannot be counted: ').waitFor();
  await page.getByRole('img', { name: 'Events cannot be counted.' }).waitFor();
  await page.locator('.view .columns-area').hover();
  expect(await chart.textContent()).not.toMatch(/\b(no|0) events/i);
  await chart.getByRole('button', { name: 'As a table' }).click();
  await chart.getByText('Events cannot be counted.').waitFor();
  expect(await chart.locator('table').count()).toBe(0);
  await chart.getByRole('button', { name: 'As a chart' }).click();
  const health = page.getByRole('region', { name: 'Health' });
  await health.getByText('Stopped: ').waitFor();
  // What is wrong leads to what it means.
  await health.getByRole('link', { name: /^Stopped: / }).click();
  await page.getByRole('heading', { name: 'Health', exact: true }).waitFor();
  await page.getByText('The server does not answer this page.').waitFor();
  expect(await axeViolations(live)).toEqual([]);
  await page.goBack();
  expect(await chart.textContent()).not.toContain('No events');
  await page.unrouteAll();
  await chart.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('img', { name: /^\d+ events in the last hour/ }).waitFor();
  await health.getByText('stored today').waitFor();
  expect(live.errors).toEqual([]);
  await live.close();
});

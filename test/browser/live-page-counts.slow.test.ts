import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryOf, type TestServer } from '../utils/server.ts';
import { axeViolations } from './axe-violations.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

const MINUTE_MS = 60_000;
const widths = [1280, 360];
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
/** Whole minutes of the last hour, none of them the current minute. */
let early: number;
let late: number;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser());
  early = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 40 * MINUTE_MS;
  late = early + 5 * MINUTE_MS;
  await postAt('message_sent', early);
  await postAt('message_sent', early + 1_000);
  await postAt('message_read', early + 2_000);
  await postAt('app_opened', late);
});
afterAll(() => close?.());

/** Posts an event that occurred at an instant, in milliseconds since 1970. */
async function postAt(type: string, ms: number): Promise<void> {
  const delivery = JSON.parse(deliveryOf(type, { user_id: 'counted' }));
  const occurred = { occurred_on: new Date(ms).toISOString() };
  const { body } = await server.postRaw(JSON.stringify({ ...delivery, ...occurred }));
  expect(body.status).toBe('stored');
}

async function open(width: number): Promise<LivePage> {
  const viewport = { width, height: 740 };
  const live = await openLivePage(browser, `${server.url}/`, { viewport, timezoneId: 'UTC' });
  await live.signIn(await server.token());
  await live.live();
  return live;
}

/** Returns the texts of the table, row by row. */
function cellsOf({ page }: LivePage): Promise<string[][]> {
  return page
    .locator('.counts tr')
    .evaluateAll((rows) =>
      (rows as HTMLTableRowElement[]).map((row) =>
        [...row.cells].map(({ textContent }) => String(textContent)),
      ),
    );
}

const hourAndMinute = (ms: number) => new Date(ms).toISOString().slice(11, 16);

test.for(widths)(
  '%i px: the chart is also a table, whose minutes select a time span',
  async (width) => {
    const live = await open(width);
    const { page } = live;
    const height = () => page.locator('figure').evaluate(({ clientHeight }) => clientHeight);
    await live.openChart();
    await page.getByRole('img', { name: /^4 events in the last hour/ }).waitFor();
    const before = await height();
    await page.getByRole('button', { name: 'As a table' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/\?counts=table$/);
    await page.locator('.counts table').waitFor();
    expect(await cellsOf(live)).toEqual([
      ['Minute', 'all', 'message sent', 'message read', 'app opened'],
      ['last hour', '4', '2', '1', '1'],
      [hourAndMinute(late), '1', '0', '0', '1'],
      [hourAndMinute(early), '3', '2', '1', '0'],
    ]);
    expect([await axeViolations(live), await height()]).toEqual([[], before]);

    await page.getByRole('link', { name: hourAndMinute(late) }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=.*until=.*counts=table$/);
    await page.locator('.view [data-id]').first().waitFor();
    await page.waitForFunction(
      () => Reflect.get(globalThis, 'document').querySelectorAll('.view [data-id]').length === 1,
    );
    await page.getByRole('button', { name: 'As a chart' }).click();
    await page.locator('.plot svg').waitFor();
    expect(live.errors).toEqual([]);
    await live.close();
  },
);

test.for(widths)(
  '%i px: the time span is selected by keyboard, in a box that fits',
  async (width) => {
    const live = await open(width);
    const { page } = live;
    const button = page.locator('.view .filter').filter({ hasText: /^Time/ });
    await button.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Time' });
    await dialog.waitFor();
    expect(await axeViolations(live)).toEqual([]);
    const overhang = await dialog.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const parts = [...element.querySelectorAll('input, button')];
      const rights = parts.map((part) => part.getBoundingClientRect().right);
      return Math.max(...rights, 0) - box.right;
    });
    expect(overhang).toBeLessThan(0);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // The focus returns to the opener.
    await page.locator('.view .filter:focus').filter({ hasText: /^Time/ }).waitFor();

    await page.keyboard.press('Enter');
    await page.getByLabel('From').fill(new Date(early).toISOString().slice(0, 16));
    await page.getByLabel('Until').fill(new Date(late).toISOString().slice(0, 16));
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=.*until=/);
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.view .filter:focus').filter({ hasText: /^Time/ }).waitFor();
    await page.getByText('Past span').waitFor();
    await page.waitForFunction(
      () => Reflect.get(globalThis, 'document').querySelectorAll('.view [data-id]').length === 3,
    );
    await live.close();
  },
);

test('other ranges are counted by minute or hour, and a hovered column says how many', async () => {
  await postAt('message_sent', Date.now() - 5 * 60 * MINUTE_MS);
  await postAt('message_read', Date.now() - 3 * 24 * 60 * MINUTE_MS);
  const live = await open(1280);
  const { page } = live;
  for (const [button, range, name] of [
    ['24 h', '24h', /^5 events in the last 24 hours, at most \d an hour/],
    ['7 days', '7d', /^6 events in the last 7 days/],
    ['15 min', '15m', 'No events in the last 15 minutes.'],
  ] as const) {
    await page.getByRole('radio', { name: button }).click();
    await page.waitForURL(new RegExp(`range=${range}$`));
    await page.getByRole('img', { name }).waitFor();
  }
  await page.getByRole('radio', { name: '1 h' }).click();
  await page.getByRole('img', { name: /^4 events in the last hour/ }).waitFor();
  const box = await page.locator('.plot .columns-area').boundingBox();
  if (!box) throw new Error('no chart');
  const nowMs = Date.now();
  const columns = 60;
  const index = columns - 1 - Math.floor(nowMs / MINUTE_MS - early / MINUTE_MS);
  await page.mouse.move(box.x + (box.width * (index + 0.5)) / columns, box.y + 40);
  await page
    .locator('.tip')
    .getByText(`${hourAndMinute(early)}: 3 events`)
    .waitFor();
  // It stays closed after a reload.
  await page.locator('.chart .plain-button').click();
  await page.locator('.plot').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('4 events in the last hour').waitFor();
  expect(await page.locator('.plot').count()).toBe(0);
  expect(live.errors).toEqual([]);
  await live.close();
});

test.for([-3, 3])(
  "a browser whose clock is %i hours off counts by the server's hour",
  async (hours) => {
    const viewport = { width: 1280, height: 740 };
    const live = await openLivePage(browser, `${server.url}/`, { viewport });
    await live.page.clock.install({ time: Date.now() + hours * 60 * MINUTE_MS });
    await live.page.goto(`${server.url}/`);
    await live.signIn(await server.token());
    await live.page.getByRole('img', { name: /^4 events in the last hour/ }).waitFor();
    await live.close();
  },
);

test("a page whose version differs from the server's says so and offers a reload", async () => {
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  // The server itself refuses an unknown field.
  await page.route('**/graphql', (route) => {
    const body = route.request().postData() ?? '';
    const postData = body.replace('hasPreviousPage', 'aFieldOfAnotherVersion');
    return route.continue({ postData });
  });
  await live.signIn(await server.token());
  await page.getByText('The server has another version than this page.').first().waitFor();
  expect(await axeViolations(live)).toEqual([]);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Reload' }).click();
  await live.live();
  await live.close();
});

test('the number of events is that of the chosen types, and of the chosen time', async () => {
  const live = await open(1280);
  const { page } = live;
  const title = page.locator('.chart .plain-button');
  await title.filter({ hasText: '4 events in the last hour' }).waitFor();
  await live.toggleType('message sent');
  await title.filter({ hasText: '2 events in the last hour, of 4' }).waitFor();
  await page
    .getByRole('img', { name: /^2 events in the last hour.*: 2 message sent\.$/ })
    .waitFor();
  const until = new Date(early + MINUTE_MS).toISOString();
  await page.goto(`${server.url}/#/?from=${new Date(early).toISOString()}&until=${until}`);
  await title.filter({ hasText: '3 events in the chosen time' }).waitFor();
  await live.filter('Time', (dialog) =>
    dialog.getByRole('option', { name: 'Last 7 days' }).click(),
  );
  await page.getByRole('radio', { name: '7 days', checked: true }).waitFor();
  await live.close();
});

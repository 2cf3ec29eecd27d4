import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryOf, type TestServer } from '../utils/server.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { seriousFaults } from './serious-faults.ts';
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
    .getByRole('table')
    .locator('tr')
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
    await page.getByRole('img', { name: /^4 events in the last hour/ }).waitFor();
    const before = await height();
    await page.getByRole('button', { name: 'As a table' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/\?counts=table$/);
    await page.getByRole('table').waitFor();
    expect(await cellsOf(live)).toEqual([
      ['Minute', 'all', 'message sent', 'message read', 'app opened'],
      ['the hour', '4', '2', '1', '1'],
      [hourAndMinute(late), '1', '0', '0', '1'],
      [hourAndMinute(early), '3', '2', '1', '0'],
    ]);
    expect([await seriousFaults(live), await height()]).toEqual([[], before]);

    await page.getByRole('link', { name: hourAndMinute(late) }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=.*until=.*counts=table$/);
    await page.locator('.view [data-id]').first().waitFor();
    await page.waitForFunction(
      () => Reflect.get(globalThis, 'document').querySelectorAll('.view [data-id]').length === 1,
    );
    await page.getByRole('button', { name: 'As a chart' }).click();
    await page.locator('.plot canvas').waitFor();
    expect(live.errors).toEqual([]);
    await live.close();
  },
);

test.for(widths)(
  '%i px: the time span is selected by keyboard, in a box that fits',
  async (width) => {
    const live = await open(width);
    const { page } = live;
    const summary = page.locator('.span summary');
    await summary.focus();
    await page.keyboard.press('Enter');
    const form = page.locator('.span form');
    await form.waitFor();
    expect(await seriousFaults(live)).toEqual([]);
    const overhang = await form.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const parts = [...element.querySelectorAll('input, button')];
      const rights = parts.map((part) => part.getBoundingClientRect().right);
      return Math.max(...rights, 0) - box.right;
    });
    expect(overhang).toBeLessThan(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await page.locator('.span summary:focus').waitFor();

    await page.keyboard.press('Enter');
    await page.getByLabel('From').fill(new Date(early).toISOString().slice(0, 16));
    await page.getByLabel('Until').fill(new Date(late).toISOString().slice(0, 16));
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=.*until=/);
    await form.waitFor({ state: 'hidden' });
    await page.locator('.span summary:focus').waitFor();
    await page.waitForFunction(
      () => Reflect.get(globalThis, 'document').querySelectorAll('.view [data-id]').length === 3,
    );
    await live.close();
  },
);

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
  expect(await seriousFaults(live)).toEqual([]);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Reload' }).click();
  await live.live();
  await live.close();
});

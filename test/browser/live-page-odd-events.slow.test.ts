import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryOf, type TestServer } from '../utils/server.ts';
import { openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

const LONGEST_FIELD = 300;
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser({ webhookMaxBytes: 2 * 1024 * 1024 }));
});
afterAll(() => close?.());

const odd = {
  markup: '"><img src=x onerror="document.title=1"><script>document.title=2</script>',
  commas: ' a, b,c ',
  address: 'a/b?c#d%&e=f+g%2C',
  'right to left': '\u202Eabc مرحبا 😀',
  'a null byte': 'a\u0000b',
  'a name of JavaScript': '__proto__',
};

test.for(Object.entries(odd))(
  '%s in ids and types is shown as text, and can be filtered by',
  async ([, text]) => {
    const { status, body } = await server.post(text, { user_id: text, text });
    expect(status).toBe(200);
    const live = await openLivePage(browser, `${server.url}/`);
    const { page } = live;
    await live.signIn(await server.token());
    await live.waitForRow(body.id);
    await page.locator(`[data-id="${body.id}"] .user a`).click();
    await page.locator(`.timeline [data-id="${body.id}"]`).waitFor();
    expect(await page.locator('h2 code').textContent()).toBe(text);
    await page.getByRole('link', { name: 'In the stream' }).click();
    await live.waitForIds([body.id]);
    // Showing the same ids again has no effect.
    await live.filter('User', (dialog) => dialog.getByRole('button', { name: 'Show' }).click());
    await live.waitForIds([body.id]);
    await page.reload();
    await live.waitForIds([body.id]);
    await page.locator(`[data-id="${body.id}"] [role=cell].type a`).click();
    await page.getByRole('link', { name: 'Open in GraphiQL' }).waitFor();
    expect(await page.locator('h2:focus').textContent()).toBe(text);
    expect(await page.locator('pre').first().textContent()).toContain(JSON.stringify(text));
    expect(await page.title()).toBe('Event · Eventline');
    expect([live.errors, live.foreignRequests]).toEqual([[], []]);
    await live.close();
  },
);

test('a payload of 2 MB is shown, with a long field truncated', async () => {
  const speciality = 'long '.repeat(400_000).trim();
  const { body } = await server.post('message_sent', { user_id: 'long', speciality });
  const live = await openLivePage(browser, `${server.url}/#/?user=long`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.waitForRow(body.id);
  const summary = await page.locator(`[data-id="${body.id}"] .summary`).textContent();
  expect(summary?.length).toBeLessThan(LONGEST_FIELD);
  await page.locator(`[data-id="${body.id}"] [role=cell].type a`).click();
  await page.getByRole('link', { name: 'Open in GraphiQL' }).waitFor();
  const fields = await page.locator('dd').allTextContents();
  expect(Math.max(...fields.map(({ length }) => length))).toBe(LONGEST_FIELD + 1);
  expect(await page.locator('pre').first().textContent()).toContain(speciality);
  await live.close();
});

test.for(['1971-01-01T00:00:00Z', '2931-12-31T23:59:59Z'])(
  'an event of %s is listed with its whole date, and not counted in the last hour',
  async (occurred_on) => {
    const delivery = JSON.parse(deliveryOf('app_opened', { user_id: occurred_on }));
    const { body } = await server.postRaw(JSON.stringify({ ...delivery, occurred_on }));
    const address = `${server.url}/#/?user=${encodeURIComponent(occurred_on)}`;
    const live = await openLivePage(browser, address, { timezoneId: 'UTC' });
    const { page } = live;
    await live.signIn(await server.token());
    await live.waitForRow(body.id);
    const time = page.locator(`[data-id="${body.id}"] time`);
    expect(await time.textContent()).toContain(occurred_on.slice(0, 4));
    expect(await time.evaluate((at) => at.scrollWidth - at.clientWidth)).toBe(0);
    await page.getByRole('img', { name: 'No events in the last hour.' }).waitFor();
    await live.close();
  },
);

test('unreadable parts of the address are ignored', async () => {
  const { body } = await server.post('app_opened', { user_id: 'read' });
  const unread = 'installation=no-uuid&from=then&until=now&types=NONE&counts=chart&%E0%A4%A=1';
  const live = await openLivePage(browser, `${server.url}/#/?user=read&${unread}`);
  await live.signIn(await server.token());
  await live.live();
  await live.waitForIds([body.id]);
  await live.page.goto(`${server.url}/#/users/%E0%A4%A`);
  await live.waitForRow(body.id);
  await live.close();
});

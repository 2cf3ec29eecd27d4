import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestServer } from '../utils/server.ts';
import { axeViolations } from './axe-violations.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
let openedId: string;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser());
  ({
    body: { id: openedId },
  } = await server.post('app_opened', { user_id: 'steady' }));
});
afterAll(() => close?.());

async function open(fragment: string, width: number): Promise<LivePage> {
  const viewport = { width, height: 800 };
  const live = await openLivePage(browser, `${server.url}/${fragment}`, { viewport });
  await live.signIn(await server.token());
  return live;
}

const topOf = ({ page }: LivePage) =>
  page.locator('.view .table').evaluate((table) => table.getBoundingClientRect().top);

test.for([1400, 1000])(
  'a type that is new in the chart moves no row, at %i pixels',
  async (width) => {
    const live = await open('', width);
    await live.waitForRow(openedId);
    await live.page.locator('.view .legend').getByText('app opened').waitFor();
    const before = await topOf(live);
    for (const type of [
      'message_sent',
      'user_logged_in',
      'user_status_changed',
      'app_uninstalled',
    ]) {
      const { body } = await server.post(type, { user_id: 'steady' });
      await live.waitForRow(body.id);
      await live.page
        .locator(`.view .legend li:has-text("${type.replaceAll('_', ' ')}")`)
        .waitFor();
    }
    expect(await topOf(live)).toBe(before);
    await live.close();
  },
);

test('the first answer about the health of the server moves no row', async () => {
  const live = await openLivePage(browser, server.url);
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await live.page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('storedToday')) await held;
    await route.fallback();
  });
  await live.signIn(await server.token());
  await live.waitForRow(openedId);
  await live.page.locator('.view .legend').getByText('app opened').waitFor();
  const before = await topOf(live);
  answer();
  await live.page.getByText('stored today').waitFor();
  expect(await topOf(live)).toBe(before);
  await live.close();
});

test('two chosen filters move no row', async () => {
  const live = await open('', 1400);
  await live.waitForRow(openedId);
  await live.page.locator('.view .legend').getByText('app opened').waitFor();
  const before = await topOf(live);
  await live.toggleType('app opened');
  await live.filter('User', async (dialog) => {
    await dialog.getByRole('textbox').fill('steady');
    await live.page.keyboard.press('Enter');
  });
  await live.page.getByRole('link', { name: 'Clear' }).waitFor();
  await live.waitForIds([openedId]);
  expect(await topOf(live)).toBe(before);
  await live.close();
});

test.for(['installation', 'message'])('an address that is not of a %s says so', async (subject) => {
  const live = await open(`#/${subject}s/eda7c7ba-58d6`, 1000);
  await live.page.getByText(/^This is not the id of an? (installation|message)/).waitFor();
  expect(await live.page.getByText(/Try again|UUID"/).count()).toBe(0);
  expect(await axeViolations(live)).toEqual([]);
  expect(live.errors).toEqual([]);
  await live.close();
});

test('an id of another log is refused without an offer to try again', async () => {
  const live = await open('#/events/abc', 1000);
  await live.page.getByText("this is not an event's id of this log").waitFor();
  expect(await live.page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  await live.close();
});

test("a user's timeline has no column of the user", async () => {
  for (const width of [1400, 850, 390]) {
    const live = await open('#/users/steady', width);
    const row = live.page.locator(`.timeline [data-id="${openedId}"]`);
    await row.locator('.type').waitFor();
    expect(await row.locator('.user').isVisible()).toBe(false);
    expect(await row.locator('.installation').isVisible()).toBe(width > 640);
    await live.close();
  }
});

test('a time preset is chosen by a click, and by the keyboard', async () => {
  const live = await open('', 1400);
  const { page } = live;
  await live.waitForRow(openedId);
  const choose = (name: string) =>
    live.filter('Time', (dialog) => dialog.getByRole('option', { name, exact: true }).click());
  await choose('Yesterday');
  await page.waitForURL(/[?&]from=[^&]+&until=/);
  await page.getByText('Past span').waitFor();
  await choose('Last 7 days');
  await page.waitForURL(/[?&]from=[^&]+&range=7d$/);
  await live.waitForRow(openedId);
  await choose('Any time');
  await page.waitForURL(/#\/\?range=7d$/);
  await live.filter('Time', async (dialog) => {
    await dialog.getByRole('option', { name: 'Any time' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  });
  await page.waitForURL(/[?&]from=[^&]+&range=15m$/);
  await live.close();
});

test('an open filter does not stay over another page', async () => {
  const live = await open('#/deliveries', 1400);
  const { page } = live;
  await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await live.waitForRow(openedId);
  await page.locator('.view .filter').last().click();
  const dialog = page.getByRole('dialog', { name: 'Time', exact: true });
  await dialog.waitFor();
  await page.goBack();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
  await live.close();
});

test('on a phone the words of a lost connection stay within their line', async () => {
  const live = await open('', 390);
  const { page } = live;
  await live.waitForRow(openedId);
  await page.context().setOffline(true);
  await page.goto(`${server.url}/#/users/steady`);
  const status = page.locator('.details .list-status');
  await status.getByText('Waiting to reconnect').waitFor();
  const bottoms = await status.evaluate((line) =>
    [line, ...line.querySelectorAll('.connection > *')].map(
      (part) => part.getBoundingClientRect().bottom,
    ),
  );
  const [bottom = 0, ...parts] = bottoms;
  expect(parts.filter((part) => part > bottom)).toEqual([]);
  await live.close();
});

test('beside an open event the facts take the place of the age', async () => {
  const live = await open('', 1200);
  const row = live.page.locator(`.view [data-id="${openedId}"]`);
  const widthOf = () =>
    row.locator('.summary').evaluate((facts) => facts.getBoundingClientRect().width);
  await row.locator('.age').waitFor();
  expect(await widthOf()).toBeGreaterThan(300);
  await row.locator('.type a').click();
  await live.page.getByRole('heading', { name: 'Delivery' }).waitFor();
  expect(await row.locator('.age').isVisible()).toBe(false);
  expect(await widthOf()).toBeGreaterThan(190);
  await live.close();
});

test('an event looks the same on every page, and a malformed one is marked', async () => {
  const { body } = await server.post('app_opened', { user_id: 'steady', installation_id: 'none' });
  const live = await open(`#/events/${encodeURIComponent(body.id)}`, 1400);
  const { page } = live;
  const drawer = page.locator('aside.drawer');
  const sectionStyle = () =>
    drawer
      .locator('section')
      .first()
      .evaluate((section) => {
        const { padding, borderTopWidth } = getComputedStyle(section);
        return [padding, borderTopWidth];
      });
  await drawer.locator('h2 .badge').getByText('malformed').waitFor();
  expect(await axeViolations(live)).toEqual([]);
  const inStream = await sectionStyle();
  await page.goto(`${server.url}/#/users/steady`);
  await page.locator(`.timeline [data-id="${body.id}"] .type a`).click();
  await drawer.locator('section').first().waitFor();
  expect(await sectionStyle()).toEqual(inStream);
  await live.close();
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryOf, type TestServer } from '../utils/server.ts';
import { axeViolations } from './axe-violations.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

const widths = { wide: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
let eventId: string;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser());
  for (const type of ['installation_created', 'user_first_logged_in', 'message_sent']) {
    const { body } = await server.post(type, { user_id: 'shown' });
    eventId = body.id;
  }
  await server.post('an_unknown_type', { user_id: 'shown' });
});
afterAll(() => close?.());

/** Returns by how many pixels the page is wider than its window. */
function overflow({ page }: LivePage): Promise<number> {
  return page.evaluate(() => {
    const { documentElement } = Reflect.get(globalThis, 'document');
    return documentElement.scrollWidth - documentElement.clientWidth;
  });
}

const layouts = Object.entries(widths).flatMap(([name, viewport]) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ name, viewport, colorScheme })),
);

test.for(layouts)(
  '$name, $colorScheme: all text is readable and fits',
  async ({ viewport, colorScheme }) => {
    const live = await openLivePage(browser, `${server.url}/`, { viewport, colorScheme });
    const expectReadable = async () =>
      expect([await axeViolations(live), await overflow(live)]).toEqual([[], 0]);
    await live.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expectReadable();
    await live.signIn('not-a-token');
    await live.page.getByText('This is not a token').waitFor();
    await expectReadable();
    await live.signIn(await server.token());
    await live.waitForRow(eventId);
    await live.page.getByText('4 events in the last hour').waitFor();
    await live.page.getByRole('button', { name: 'Pause', exact: true }).click();
    await expectReadable();
    await live.page.goto(`${server.url}/#/users/shown`);
    await live.page.getByRole('heading', { name: 'Devices' }).waitFor();
    await live.page.locator('.timeline [data-id]').first().waitFor();
    await expectReadable();
    await live.page.goto(`${server.url}/#/events/${encodeURIComponent(eventId)}`);
    await live.page.getByRole('link', { name: 'Open in GraphiQL' }).waitFor();
    await expectReadable();
    await live.page.goto(`${server.url}/#/`);
    await live.openChart();
    await live.page.getByRole('img', { name: /^4 events in the last hour/ }).waitFor();
    await expectReadable();
    expect(live.errors).toEqual([]);
    await live.close();
  },
);

test('the keyboard moves between rows, opens one, and returns to it', async () => {
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.waitForRow(eventId);
  await page.locator('.view .frame').focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('[data-index="0"] [role=cell].type a:focus').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator('[data-index="1"] [role=cell].type a:focus').waitFor();
  await page.getByText('Held while you read').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'message sent' }).waitFor();
  // The focus, where a screen reader continues.
  await page.locator('h2:focus').waitFor();
  // The list beside it goes on.
  const { body } = await server.post('message_read', { user_id: 'meanwhile' });
  await page.locator(`.view [data-index="0"][data-id="${body.id}"]`).waitFor();
  await page.keyboard.press('Escape');
  await page.locator(`[data-id="${eventId}"] [role=cell].type a:focus`).waitFor();
  await server.post('message_read', { user_id: 'meanwhile' });
  await page.getByText('1 event waits').waitFor();
  await live.close();
});

test('a click opens the event on which it began, also if the rows move meanwhile', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { body } = await server.post('app_opened', { user_id: `pressed-${n}` });
    ids.push(body.id);
  }
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.waitForRow(String(ids[2]));
  const box = await page.locator(`.view [data-id="${ids[1]}"] .type`).boundingBox();
  if (!box) throw new Error('no row');
  await page.mouse.move(box.x + 20, box.y + box.height / 2);
  await page.mouse.down();
  await page.locator('.frame').evaluate((frame) => {
    frame.style.top = '34px';
  });
  await page.mouse.up();
  await page.waitForURL(`**/#/events/${encodeURIComponent(String(ids[1]))}`);
  await live.close();
});

test('a pause moves no row', async () => {
  // Its filter leaves no place for both the words of a pause and those of a live list beside it.
  const user = 'a-user-whose-filter-is-as-wide-as-one-becomes';
  const { body } = await server.post('app_opened', { user_id: user });
  const live = await openLivePage(browser, `${server.url}/#/?user=${user}`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.waitForRow(body.id);
  for (const width of [1800, 1600, 1500, 1400, 1300, 1280, 1200, 1000, 900, 700, 390]) {
    await page.setViewportSize({ width, height: 800 });
    const topOf = () =>
      page.locator('.view .table').evaluate((table) => table.getBoundingClientRect().top);
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    const before = await topOf();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.locator('.view [data-waiting]').waitFor();
    expect([width, await topOf()]).toEqual([width, before]);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
  }
  await live.close();
});

test('closing an event restores the scroll position', async () => {
  for (let n = 0; n < 40; n += 1) await server.post('app_opened', { user_id: `scrolled-${n}` });
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await live.signIn(await server.token());
  await page.locator('.view [data-index="0"]').waitFor();
  await page.locator('.frame').evaluate((frame) => {
    frame.scrollTop = 500;
  });
  await page.getByText('Held while you read').waitFor();
  const row = page.locator('.view [data-index="20"]');
  const id = await row.getAttribute('data-id');
  const before = await row.boundingBox();
  await row.locator('.type a').click();
  await page.getByRole('link', { name: 'Open in GraphiQL' }).waitFor();
  await server.post('message_read', { user_id: 'meanwhile' });
  await page.getByText('1 event waits').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.locator('.drawer').waitFor({ state: 'detached' });
  expect([await row.getAttribute('data-id'), await row.boundingBox()]).toEqual([id, before]);
  // At the top, new events show; resuming shows those that arrived meanwhile.
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.locator('.view [data-index="0"] .type a').click();
  await page.getByRole('link', { name: 'Open in GraphiQL' }).waitFor();
  const { body } = await server.post('message_read', { user_id: 'meanwhile' });
  await page.locator(`.view [data-index="0"][data-id="${body.id}"]`).waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await live.close();
});

test('an event shows all its fields, and which ones the token may not see', async () => {
  const { body } = await server.post('user_first_logged_in', { user_id: 'personal' });
  const live = await openLivePage(browser, `${server.url}/#/events/${encodeURIComponent(body.id)}`);
  await live.signIn(await server.token({ scope: 'events:read' }));
  await live.page.getByText('not for this token (pii:read)').first().waitFor();
  expect(await live.page.locator('.drawer').textContent()).not.toMatch(/@/);
  await live.page.getByText('Redelivered', { exact: true }).waitFor();
  await live.close();
});

test('an event opens in GraphiQL, on a first visit and beside existing tabs', async () => {
  const live = await openLivePage(browser, `${server.url}/#/events/${encodeURIComponent(eventId)}`);
  const { page } = live;
  await live.signIn(await server.token());
  const link = page.getByRole('link', { name: 'Open in GraphiQL' });
  const address = `${server.url}${await link.getAttribute('href')}`;
  for (const tabs of [12, 13]) {
    await page.goto('about:blank');
    await page.goto(address);
    const active = page.locator('.graphiql-tab-active .graphiql-tab-button');
    await active.filter({ hasText: 'OneEvent' }).waitFor();
    await page.locator('.graphiql-query-editor').getByText('lastRepeatedAt').waitFor();
    await page.waitForFunction(
      (count) =>
        Reflect.get(globalThis, 'document').querySelectorAll('.graphiql-tab').length === count,
      tabs,
    );
    expect(page.url()).toBe(`${server.url}/graphql`);
    // The page stores its tabs after a delay; unstored ones are missing on the next visit.
    await page.waitForFunction((count) => {
      const kept = Reflect.get(globalThis, 'localStorage').getItem('eventline:graphiql:tabState');
      return JSON.parse(kept ?? '{}').tabs?.length === count;
    }, tabs);
  }
  expect(live.errors).toEqual([]);
  await live.close();
});

test('the longest times and ages fit into their columns', async () => {
  const from = (ms: number) => new Date(Date.now() - ms).toISOString();
  const ids: string[] = [];
  // Up to 59 minutes, and of another day; half a unit, so that no age changes meanwhile.
  for (const occurredOn of [from(28.5 * 60_000), from(59.5 * 60_000), from(29.5 * 3_600_000)]) {
    const delivery = { ...JSON.parse(deliveryOf('app_opened')), occurred_on: occurredOn };
    ids.push((await server.postRaw(JSON.stringify(delivery))).body.id);
  }
  const live = await openLivePage(browser, `${server.url}/`, { viewport: widths.wide });
  await live.signIn(await server.token());
  for (const id of ids) {
    await live.waitForRow(id);
    for (const column of ['time', 'age']) {
      const cut = await live.page
        .locator(`[data-id="${id}"] .${column}`)
        .evaluate((cell) => cell.scrollWidth - cell.clientWidth);
      expect([column, cut]).toEqual([column, 0]);
    }
  }
  await live.close();
});

test('Escape closes an event wherever the focus is, but first what is open over it', async () => {
  const live = await openLivePage(browser, `${server.url}/#/events/${encodeURIComponent(eventId)}`);
  const { page } = live;
  await live.signIn(await server.token());
  await page.getByRole('link', { name: 'Open in GraphiQL' }).waitFor();
  await page.locator('.view .filter').filter({ hasText: /^Plan/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Plan' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Plan' }).waitFor({ state: 'detached' });
  expect(await page.locator('.drawer').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.locator('.drawer').waitFor({ state: 'detached' });
  await live.close();
});

test('a filter that the keyboard opens has its focus on the first choice', async () => {
  const { body } = await server.post('message_sent', { user_id: 'chosen' });
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.waitForRow(body.id);
  for (const [name, choice] of [
    ['Type', /^message sent/],
    ['Plan', /^free$/],
    ['Time', 'Any time'],
  ] as const) {
    const filter = page.locator('.view .filter').filter({ hasText: new RegExp(`^${name}`) });
    await filter.focus();
    await page.keyboard.press('Enter');
    const option = page.getByRole('option', { name: choice });
    await option.and(page.locator('[data-focus-visible]')).waitFor();
    await page.keyboard.press('Escape');
    await option.waitFor({ state: 'detached' });
    // The focus returns there, later than the options go.
    await filter.and(page.locator(':focus')).waitFor();
  }
  await live.close();
});

test('four chosen filters and the state of the list take one row', async () => {
  const { body } = await server.post('message_sent', { user_id: '99000075W', professional_id: 5 });
  const chosen =
    'types=MESSAGE_SENT,MESSAGE_READ&user=99000075W&professional=5&from=2020-01-01T00:00:00Z';
  const live = await openLivePage(browser, `${server.url}/#/?${chosen}`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.waitForRow(body.id);
  for (const width of [1400, 1300]) {
    await page.setViewportSize({ width, height: 800 });
    const tops = await page
      .locator('.view :is(.filter, .clear, .list-status > button)')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()))
      .then((all) => all.map(({ y, height }) => y + height / 2));
    expect(tops.length).toBe(9);
    expect([width, Math.max(...tops) - Math.min(...tops) < 8]).toEqual([width, true]);
  }
  await live.close();
});

test('no row of a box of a user is hidden without a word', async () => {
  const types = ['message_sent', 'message_read', 'app_opened', 'app_uninstalled', 'user_logged_in'];
  const others = ['user_first_logged_in', 'user_status_changed', 'an_unknown_type'];
  for (const type of [...types, ...others]) await server.post(type, { user_id: 'busy' });
  for (let n = 0; n < 6; n += 1) {
    const installation_id = `00000000-0000-4000-8000-00000000000${n}`;
    await server.post('app_opened', { user_id: 'busy', installation_id });
  }
  const live = await openLivePage(browser, `${server.url}/#/users/busy`, {
    viewport: { width: 1000, height: 800 },
  });
  const { page } = live;
  await live.signIn(await server.token());
  await page.locator('.event-counts li').nth(7).waitFor();
  await page.getByRole('button', { name: 'Show 3 more' }).waitFor();
  const cut = () =>
    page
      .locator('.details .plain')
      .evaluateAll((lists) => lists.map((list) => list.scrollHeight - list.clientHeight));
  expect(await cut()).toEqual([0, 0, 0]);
  const devices = page
    .locator('section')
    .filter({ hasText: /^Devices/ })
    .getByRole('listitem');
  expect(await devices.count()).toBe(4);
  await page.getByRole('button', { name: 'Show 3 more' }).click();
  await page.getByRole('button', { name: 'Show fewer' }).waitFor();
  expect([await devices.count(), await cut()]).toEqual([7, [0, 0, 0]]);
  for (let n = 10; n < 26; n += 1) {
    const installation_id = `00000000-0000-4000-8000-0000000000${n}`;
    await server.post('app_opened', { user_id: 'busy', installation_id });
  }
  // Only some are asked for, and the page says so.
  await page.getByText('The newest 20; GraphiQL has the others.').waitFor();
  expect(await axeViolations(live)).toEqual([]);
  await live.close();
});

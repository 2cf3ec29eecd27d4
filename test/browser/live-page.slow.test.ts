import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { startServerProcess } from '../utils/eventline.ts';
import { deliveryOf, JWT_SECRET, type TestServer } from '../utils/server.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

const AT_ONCE = 10;
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser());
});
afterAll(() => close?.());

/** Posts events of a user, and returns their ids in log order. */
async function postMany(count: number, user: string, type = 'message_sent'): Promise<string[]> {
  const posted: { id: string; position: number }[] = [];
  while (posted.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - posted.length) }, () =>
      server.post(type, { user_id: user }),
    );
    for (const { status, body } of await Promise.all(some)) {
      expect(status).toBe(200);
      posted.push(body);
    }
  }
  return posted.sort((one, other) => one.position - other.position).map(({ id }) => id);
}

test('the page goes from empty to live, loads nothing from another host, and keeps to its policy', async () => {
  const live = await openLivePage(browser, `${server.url}/#/?user=first-light`);
  await live.signIn(await server.token());
  await live.page.getByText('No events that match yet.').waitFor();
  await live.live();
  const [id = ''] = await postMany(1, 'first-light');
  await live.waitForRow(id);
  await live.page.getByRole('img', { name: /^1 event in the last hour.*message sent/ }).waitFor();
  expect(live.page.url()).not.toContain('eyJ');
  expect(live.foreignRequests).toEqual([]);
  expect(live.errors).toEqual([]);
  await live.close();
});

test('the filter is in the address, and the address restores it', async () => {
  const sent = await postMany(3, 'filtered');
  const read = await postMany(2, 'filtered', 'message_read');
  await postMany(2, 'not-filtered', 'message_read');
  const live = await openLivePage(browser, `${server.url}/`);
  await live.signIn(await server.token());
  await live.filter('User', async (dialog) => {
    await dialog.getByLabel('User').fill('filtered');
    await live.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
  });
  await live.toggleType('message read');
  await live.page.waitForURL(/#\/\?types=MESSAGE_READ&user=filtered$/);
  await live.live();
  await live.waitForRow(read[1] ?? '');
  await live.waitForIds([...read].reverse());
  // The list holds new events while the user reads; events of another type are filtered out.
  await live.toggleType('message sent');
  await live.waitForRow(sent[0] ?? '');
  await live.waitForIds([...sent, ...read].reverse());

  await live.filter('Installation', async (dialog) => {
    await dialog.getByLabel('Installation').fill('not-a-uuid');
    await live.page.keyboard.press('Enter');
    await dialog.getByText('An installation is a UUID.').waitFor();
  });

  // Dragging over the chart selects a time span, which is in the address too.
  const plot = live.page.locator('.plot .columns-area');
  const box = await plot.boundingBox();
  if (!box) throw new Error('no chart');
  await live.page.mouse.move(box.x + box.width * 0.1, box.y + 40);
  await live.page.mouse.down();
  await live.page.mouse.move(box.x + box.width * 0.3, box.y + 40, { steps: 4 });
  await live.page.mouse.up();
  await live.page.waitForURL(/from=.*until=/);
  const nothing = live.page.getByText(/^No events that match from .* to [^.]+\.$/);
  await nothing.waitFor();
  await live.page.reload();
  // The token is stored for the tab, and the view comes from the address.
  await nothing.waitFor();
  await live.page.getByRole('button', { name: 'User filtered' }).waitFor();
  await live.page.getByRole('link', { name: 'Any time' }).click();
  await live.waitForIds([...sent, ...read].reverse());
  await live.page.getByRole('link', { name: 'Clear' }).click();
  await live.page.waitForURL(/#\/$/);
  expect(live.errors).toEqual([]);
  await live.close();
});

test('a pause keeps all new events, and resuming shows each exactly once', async () => {
  const before = await postMany(20, 'paused');
  const live = await openLivePage(browser, `${server.url}/#/?user=paused`);
  await live.signIn(await server.token());
  await live.live();
  await live.waitForRow(before[19] ?? '');
  await live.page.getByRole('button', { name: 'Pause', exact: true }).click();
  const meanwhile = await postMany(400, 'paused');
  await live.page.locator('.view [data-waiting="400"]').waitFor();
  expect(await live.page.locator(`[data-id="${meanwhile[399]}"]`).count()).toBe(0);
  await live.page.getByRole('button', { name: 'Resume', exact: true }).click();
  await live.waitForRow(meanwhile[399] ?? '');
  const after = await postMany(20, 'paused');
  await live.waitForRow(after[19] ?? '');
  await live.waitForIds([...before, ...meanwhile, ...after].reverse());
  expect(live.errors).toEqual([]);
  await live.close();
});

test('a fresh token resumes from the same position when the old one expires', async () => {
  const live = await openLivePage(browser, `${server.url}/#/?user=ending`);
  const short = await signToken(JWT_SECRET, { scope: 'events:read' }, '3s');
  await live.signIn(short);
  await live.page.getByRole('heading', { name: 'Your token has ended' }).waitFor();
  const missed = await postMany(5, 'ending');
  await live.signIn(await server.token({ scope: 'events:read' }));
  // The form is gone, so the focus moves to the heading.
  await live.page.locator('h2:focus').waitFor();
  await live.waitForRow(missed[4] ?? '');
  await live.live();
  const then = await postMany(2, 'ending');
  await live.waitForRow(then[1] ?? '');
  await live.waitForIds([...missed, ...then].reverse());
  expect(live.page.url()).toContain('user=ending');
  expect(live.errors).toEqual([]);
  await live.close();
});

test("a user sees the user's own events, and none of the previous user's", async () => {
  const own = await postMany(3, 'one-user');
  const foreign = await postMany(3, 'another-user');
  const live = await openLivePage(browser, `${server.url}/`);
  await live.signIn(await server.token({ sub: 'one-user' }));
  await live.live();
  await live.waitForRow(own[2] ?? '');
  const [later = ''] = (await postMany(1, 'another-user')) && (await postMany(1, 'one-user'));
  await live.waitForRow(later);
  await live.waitForIds([...own, later].reverse());

  await live.page.goto(`${server.url}/#/events/${encodeURIComponent(foreign[0] ?? '')}`);
  await live.page.getByText('There is no such event, or you may not see it.').waitFor();
  await live.page.goto(`${server.url}/#/users/another-user`);
  await live.page.getByText('There are no events of this user that you may see.').waitFor();
  // Filtering by the other user finds none, and counts none.
  await live.page.goto(`${server.url}/#/?user=another-user`);
  await live.page.getByRole('img', { name: 'Events cannot be counted.' }).waitFor();
  await live.page.getByText("only the token's own user is allowed").first().waitFor();
  expect(await live.page.locator('.view [data-id], .view .legend li').count()).toBe(0);
  await live.page.goto(`${server.url}/#/?counts=table`);
  await live.page.getByRole('row', { name: 'last hour 4 4' }).waitFor();

  await live.signOut();
  await live.page.goto(`${server.url}/#/`);
  await live.signIn(await server.token({ sub: 'another-user' }));
  await live.waitForRow(foreign[2] ?? '');
  const seen = await live.ids();
  for (const id of [...own, later]) expect(seen).not.toContain(id);
  await live.close();
});

test('the page resumes after the server is killed and restarted, with its new token filled in', async () => {
  const cwd = await temporaryDirectory();
  const first = await startServerProcess({ cwd });
  const post = async (to: typeof first, count: number) => {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      ids.push(String((await to.post(deliveryOf('app_opened')))?.body.id));
    }
    return ids;
  };
  const live = await openLivePage(browser, `${first.url}/`);
  await live.live();
  const before = await post(first, 5);
  await live.waitForRow(before[4] ?? '');
  await first.kill('SIGKILL');
  await live.page.locator('.view .is-waiting, .view .is-connecting').waitFor();
  const env = { PORT: new URL(first.url).port };
  const second = await startServerProcess({ cwd, env });
  const after = await post(second, 5);
  await live.waitForRow(after[4] ?? '');
  await live.live();
  await live.waitForIds([...before, ...after].reverse());
  await live.page.getByRole('img', { name: /^10 events in the last hour/ }).waitFor();
  await live.close();
  await second.kill('SIGTERM');
});

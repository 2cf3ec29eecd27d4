import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertQuarantined } from '../utils/insert-quarantined.ts';
import { deliveryOf, type TestServer } from '../utils/server.ts';
import { axeViolations } from './axe-violations.ts';
import { openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

const ADMIN = { scope: 'events:read events:admin pii:read' };
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser());
});
afterAll(() => close?.());

test('an administrator sees why deliveries were refused, their bytes, and retries or drops them', async () => {
  const first = Date.now() - 60_000;
  await insertQuarantined(server.mongodbUri, [
    { body: '{"broken":1}', firstAt: new Date(first), problem: 'invalid-envelope' },
    {
      body: deliveryOf('app_opened', { user_id: 'kept' }),
      firstAt: new Date(first + 1_000),
    },
  ]);
  await server.post('app_opened', { user_id: 'malformed', installation_id: 7 });
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await live.signIn(await server.token(ADMIN));
  await live.live();
  // The health line is red and leads there.
  await page.getByRole('link', { name: '1 malformed' }).waitFor();
  await page.getByRole('link', { name: '2 in quarantine' }).click();
  await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
  const delivery = (text: string) => page.locator('.delivery').filter({ hasText: text });
  await delivery('invalid-envelope').getByRole('button', { name: 'Show the bytes' }).click();
  expect(await delivery('invalid-envelope').locator('pre').textContent()).toBe('{"broken":1}');
  await delivery('invalid-payload').getByRole('button', { name: 'Show the bytes' }).click();
  await delivery('invalid-payload').locator('pre').getByText('"kept"').waitFor();
  expect(await axeViolations(live)).toEqual([]);

  await delivery('invalid-envelope').getByRole('button', { name: 'Retry', exact: true }).click();
  await delivery('invalid-envelope')
    .getByText(/^refused: /)
    .waitFor();
  await delivery('invalid-payload').getByRole('button', { name: 'Retry', exact: true }).click();
  await delivery('invalid-payload').waitFor({ state: 'detached' });
  await delivery('invalid-envelope').getByRole('button', { name: 'Drop', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: 'Drop this delivery?' });
  expect(await axeViolations(live)).toEqual([]);
  await question.getByRole('button', { name: 'Keep it' }).click();
  await question.waitFor({ state: 'detached' });
  await delivery('invalid-envelope').getByRole('button', { name: 'Drop', exact: true }).click();
  await question.getByRole('button', { name: 'Drop it' }).click();
  await page.getByText('No delivery is in quarantine.').waitFor();

  await page.getByRole('link', { name: 'app_opened' }).click();
  await page
    .locator('.drawer')
    .getByText(/installation_id: /)
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL(/#\/deliveries$/);
  expect(live.errors).toEqual([]);
  await live.close();
});

test('others are not led there, and see the health of the server only with the right to all events', async () => {
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  await live.signIn(await server.token({ scope: 'events:read' }));
  const health = page.getByRole('region', { name: 'Health' });
  await health.getByText('stored today').waitFor();
  expect(await health.getByText('quarantine').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Deliveries' }).count()).toBe(0);
  await page.goto(`${server.url}/#/deliveries`);
  await page.getByText('They need a token with the scope events:admin.').waitFor();
  await live.signOut();
  await live.signIn(await server.token({ sub: 'malformed' }));
  await page.getByRole('link', { name: 'app_opened' }).waitFor();
  expect(await page.getByRole('region', { name: 'Health' }).count()).toBe(0);
  expect(live.errors).toEqual([]);
  await live.close();
});

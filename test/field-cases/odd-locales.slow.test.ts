import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLivePage } from '../browser/live-page.ts';
import { startWithBrowser } from '../browser/start-with-browser.ts';
import type { TestServer } from '../utils/server.ts';

let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser());
  await server.post('message_sent');
});
afterAll(() => close?.());

// The first is the language of Chromium on a Linux with LANG=C, as in containers.
test.for([
  ...['en-US@posix', 'C', 'POSIX', 'en_US.UTF-8', 'de_DE@euro', 'de-CH@euro', 'sr-Latn-RS@latin'],
  ...['ca-ES@valencia', 'en-US@calendar=japanese', 'ar-EG', 'fa-IR', 'th-TH-u-ca-buddhist'],
])('the chart is drawn in a browser whose language is %s', async (locale) => {
  const live = await openLivePage(browser, `${server.url}/`, { locale });
  expect(await live.page.evaluate('navigator.language')).toBeTruthy();
  await live.signIn(await server.token());
  await live.live();
  await live.page.locator('.plot svg').waitFor();
  await live.page.getByRole('img', { name: /^1 event in the last hour/ }).waitFor();
  expect(live.errors).toEqual([]);
  await live.close();
});

test.for(['', 'en_US.UTF-8', '*', 'x-klingon'])(
  'the chart is drawn in a browser that names its language %j',
  async (language) => {
    const context = await browser.newContext();
    await context.addInitScript((value) => {
      const languages = { value: [value], configurable: true };
      Object.defineProperty(navigator, 'language', { value, configurable: true });
      Object.defineProperty(navigator, 'languages', languages);
    }, language);
    const page = await context.newPage();
    await page.goto(`${server.url}/`);
    await page.getByLabel('Token', { exact: true }).fill(await server.token());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.plot svg').waitFor();
    await context.close();
  },
);

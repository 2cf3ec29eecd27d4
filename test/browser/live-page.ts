import { isDeepStrictEqual } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { BROWSER_PATIENCE_MS } from '../utils/browser.ts';
import { waitUntil } from '../utils/wait-until.ts';

/** The live page as a person uses it. */
export interface LivePage {
  readonly page: Page;
  /** What the browser complained of, refusals by the content security policy among it. */
  readonly errors: readonly string[];
  /** Addresses on other hosts that were asked for; each was refused. */
  readonly foreignRequests: readonly string[];
  signIn(token: string): Promise<void>;
  /** Resolves when the list says that it is live. */
  live(): Promise<void>;
  /** Resolves when the row of an event is there. */
  waitForRow(id: string): Promise<void>;
  /** The ids of all rows from the newest to the oldest, read by scrolling down while it is held. */
  ids(): Promise<string[]>;
  /** Resolves when these are the ids of all rows; while the list is still that of another view, it is read again. */
  waitForIds(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens it in a fresh browser profile which reaches the server at `url` and nothing else. */
export async function openLivePage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<LivePage> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1280, height: 800 }, locale: 'en-GB' },
    ...options,
  });
  context.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const errors: string[] = [];
  const foreignRequests: string[] = [];
  await context.route(
    (address) => address.origin !== new URL(url).origin,
    async (route) => {
      foreignRequests.push(route.request().url());
      await route.abort();
    },
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A server that is away, or refuses a token, is what a test is about, and the page shows it.
    const isNetwork = /status of 40[01]|ERR_CONNECTION|WebSocket connection/.test(message.text());
    if (message.type() === 'error' && !isNetwork) errors.push(message.text());
  });
  await page.goto(url);
  return {
    page,
    errors,
    foreignRequests,
    async signIn(token) {
      await page.getByLabel('Token', { exact: true }).fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
    live: () => page.locator('.view .is-live').waitFor(),
    waitForRow: (id) => page.locator(`.view [data-id="${id}"]`).waitFor({ state: 'attached' }),
    ids: () => readIds(page),
    async waitForIds(ids) {
      const deadlineMs = performance.now() + BROWSER_PATIENCE_MS;
      let found: string[] = [];
      await waitUntil(async () => {
        found = await readIds(page);
        return isDeepStrictEqual(found, ids) || performance.now() > deadlineMs;
      });
      expect(found).toEqual(ids);
    },
    close: () => context.close(),
  };
}

async function readIds(page: Page): Promise<string[]> {
  const found = new Map<number, string>();
  for (;;) {
    const { rows, total } = await page.evaluate(() => {
      const document = Reflect.get(globalThis, 'document');
      const all = [...document.querySelectorAll<HTMLElement>('.view [data-id]')];
      return {
        rows: all.map(({ dataset }) => [Number(dataset.index), String(dataset.id)] as const),
        total: Number(all[0]?.getAttribute('aria-setsize') ?? 0),
      };
    });
    for (const [index, id] of rows) found.set(index, id);
    const next = Array.from({ length: total }, (_, index) => index).find((at) => !found.has(at));
    if (next === undefined) break;
    await page.evaluate((index) => {
      const frame = Reflect.get(globalThis, 'document').querySelector('.view .frame');
      const row = frame?.querySelector<HTMLElement>('[data-id]');
      if (frame && row) frame.scrollTop = index * row.offsetHeight;
    }, next);
    await page.locator(`.view [data-index="${next}"]`).waitFor({ state: 'attached' });
  }
  return [...found].sort(([one], [other]) => one - other).map(([, id]) => id);
}

import { isDeepStrictEqual } from 'node:util';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { BROWSER_PATIENCE_MS } from '../utils/browser.ts';
import { testSignal } from '../utils/test-signal.ts';
import { waitUntil } from '../utils/wait-until.ts';

/** Drives the live page as a person does. */
export interface LivePage {
  readonly page: Page;
  /** Errors that the browser reported, including violations of the Content-Security-Policy. */
  readonly errors: readonly string[];
  /** Requests to other hosts; each was refused. */
  readonly foreignRequests: readonly string[];
  signIn(token: string): Promise<void>;
  /** Opens a filter and passes its dialog; closes it unless the choice did. */
  filter(name: string, choose: (dialog: Locator) => Promise<void>): Promise<void>;
  /** Shows events of a type, or no longer. */
  toggleType(name: string): Promise<void>;
  /** Shows the chart where it is closed, as on a phone. */
  openChart(): Promise<void>;
  signOut(): Promise<void>;
  /** Resolves when the list is live. */
  live(): Promise<void>;
  /** Resolves when the row of an event is shown. */
  waitForRow(id: string): Promise<void>;
  /** Returns the ids of all rows, newest first, by scrolling down a paused list. */
  ids(): Promise<string[]>;
  /**
   * Resolves when all rows have exactly these ids; reads again while the list shows another view.
   */
  waitForIds(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

interface OpenOptions extends BrowserContextOptions {
  /** Other origins that the browser may reach. */
  allowedOrigins?: readonly string[];
}

/** Opens the page in a fresh browser profile that can only reach the server at `url`. */
export async function openLivePage(
  browser: Browser,
  url: string,
  { allowedOrigins = [], ...options }: OpenOptions = {},
): Promise<LivePage> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1280, height: 800 }, locale: 'en-GB' },
    ...options,
  });
  context.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const errors: string[] = [];
  const foreignRequests: string[] = [];
  await context.route(
    ({ origin }) => origin !== new URL(url).origin && !allowedOrigins.includes(origin),
    async (route) => {
      foreignRequests.push(route.request().url());
      await route.abort();
    },
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // Tests provoke unreachable servers and refused tokens; the page shows them.
    const isNetwork = /status of 40[01]|ERR_CONNECTION|WebSocket connection/.test(message.text());
    if (message.type() === 'error' && !isNetwork) errors.push(message.text());
  });
  await page.goto(url);
  async function filter(name: string, choose: (dialog: Locator) => Promise<void>): Promise<void> {
    const button = page.locator('.view .filter').filter({ hasText: new RegExp(`^${name}`) });
    await button.click();
    const dialog = page.getByRole('dialog', { name, exact: true });
    await choose(dialog);
    if (await dialog.isVisible()) await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }
  return {
    page,
    errors,
    foreignRequests,
    async signIn(token) {
      await page.getByLabel('Token', { exact: true }).fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
    filter,
    toggleType: (name) =>
      filter('Type', (dialog) =>
        dialog.getByRole('option', { name: new RegExp(`^${name}`) }).click(),
      ),
    async openChart() {
      const button = page.locator('.view .chart .plain-button');
      await button.waitFor();
      if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
      await page.locator('.view .plot svg').waitFor();
    },
    async signOut() {
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
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
  const signal = testSignal();
  const found = new Map<number, string>();
  for (;;) {
    signal.throwIfAborted();
    const { rows, total } = await page.evaluate(() => {
      const document = Reflect.get(globalThis, 'document');
      const all = [...document.querySelectorAll<HTMLElement>('.view [data-id]')];
      return {
        rows: all.map(({ dataset }) => [Number(dataset.index), String(dataset.id)] as const),
        // The row of headers counts, too.
        total: Number(all[0]?.closest('[aria-rowcount]')?.getAttribute('aria-rowcount') ?? 1) - 1,
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

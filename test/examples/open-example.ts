import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { type Backend, withBackend } from '../../examples/with-backend.ts';
import { BROWSER_PATIENCE_MS } from '../utils/browser.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/** Serves a page of `examples/`, built for production, with a backend beside it. */
export async function serveExample(name: string, backend: Backend): Promise<PreviewServer> {
  const root = join(EXAMPLES, name);
  const outDir = await temporaryDirectory();
  const settings = {
    ...withBackend(backend),
    root,
    configFile: false,
    logLevel: 'silent',
  } as const;
  await build({ ...settings, build: { outDir, emptyOutDir: true } });
  return preview({
    ...settings,
    build: { outDir },
    preview: { ...settings.preview, port: 0, strictPort: true },
  });
}

export interface ShownEvents {
  page: Page;
  /** Errors that the browser reported. */
  errors: readonly string[];
  /** Cursors of the shown events, in order of arrival. */
  cursors(): Promise<string[]>;
  /** Resolves when this event is shown. */
  until(cursor: string): Promise<void>;
  /** Resolves when the page shows this connection state. */
  untilState(text: string): Promise<void>;
}

/** Opens a page that lists events, newest first. */
export async function openEvents(browser: Browser, url: string): Promise<ShownEvents> {
  const page = await browser.newPage();
  page.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(url);
  return {
    page,
    errors,
    async cursors() {
      const items = await page.locator('li').all();
      const cursors = await Promise.all(items.map((item) => item.getAttribute('data-cursor')));
      return cursors.map(String).reverse();
    },
    until: (cursor) => page.locator(`li[data-cursor="${cursor}"]`).waitFor(),
    untilState: (text) => page.getByRole('status').getByText(text, { exact: true }).waitFor(),
  };
}

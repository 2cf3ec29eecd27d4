import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { BROWSER_PATIENCE_MS } from '../utils/browser.ts';

/** Drives GraphiQL as a person does: click, type and read. */
export interface GraphiqlPage {
  readonly page: Page;
  /** Requests to other hosts; each was refused. */
  readonly foreignRequests: readonly string[];
  /** Errors that the browser reported, including violations of the Content-Security-Policy. */
  readonly errors: readonly string[];
  tabTitles(): Promise<string[]>;
  activeTabTitle(): Promise<string | null>;
  openTab(title: string): Promise<void>;
  /** Starts the operation, or stops the running one. */
  run(): Promise<void>;
  /** Returns the text of the headers editor. */
  headers(): Promise<string>;
  typeHeaders(text: string): Promise<void>;
  typeVariables(text: string): Promise<void>;
  typeQuery(text: string): Promise<void>;
  /** Resolves when the result pane shows this text. */
  waitForResult(text: string): Promise<void>;
  /** Returns everything that the page stores in the browser. */
  stored(): Promise<string>;
  /** Resolves when the page has stored this text, which it does after a delay. */
  waitForStored(text: string): Promise<void>;
  /** Reloads the page and waits until it is usable. */
  reload(): Promise<void>;
}

/** Opens GraphiQL in a fresh browser profile that can only reach the server at `url`. */
export async function openGraphiql(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<GraphiqlPage> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1280, height: 800 } },
    ...options,
  });
  context.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const foreignRequests: string[] = [];
  const errors: string[] = [];
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
    // Tests provoke refused requests; GraphiQL shows them.
    const isRefusal = message.text().includes('the server responded with a status of 401');
    if (message.type() === 'error' && !isRefusal) errors.push(message.text());
  });

  const query = page.locator('.graphiql-query-editor .view-lines');
  /** The one of variables or headers that is shown. */
  const toolEditor = page.locator('section.graphiql-editor-tool .graphiql-editor:not(.hidden)');
  const showHeaders = () => page.getByRole('button', { name: 'Headers', exact: true }).click();

  async function type(editor: Locator, text: string) {
    await editor.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(text);
    // The editor inserts closing quotes and brackets behind the cursor.
    await page.keyboard.press('ControlOrMeta+Shift+End');
    await page.keyboard.press('Delete');
  }

  await page.goto(url);
  await query.waitFor();

  return {
    page,
    foreignRequests,
    errors,
    tabTitles: () => page.locator('.graphiql-tab-button').allInnerTexts(),
    activeTabTitle: () => page.locator('.graphiql-tab-active .graphiql-tab-button').textContent(),
    openTab: (title) => page.locator('.graphiql-tab-button', { hasText: title }).click(),
    run: () => page.locator('.graphiql-execute-button').click(),
    async headers() {
      await showHeaders();
      // The editor is drawn line by line.
      const lines = toolEditor.locator('.view-lines').filter({ hasText: '}' });
      const text = await lines.textContent();
      // The editor draws spaces as no-break spaces.
      return (text ?? '').replaceAll('\u00a0', ' ');
    },
    async typeHeaders(text) {
      await showHeaders();
      await type(toolEditor.locator('.view-lines'), text);
    },
    async typeVariables(text) {
      await page.getByRole('button', { name: 'Variables', exact: true }).click();
      await type(toolEditor.locator('.view-lines'), text);
    },
    typeQuery: (text) => type(query, text),
    waitForResult: (text) =>
      page
        .locator('.result-window')
        .getByText(text, { exact: false })
        .first()
        .waitFor({ state: 'visible' }),
    stored: () => page.evaluate('Object.values(localStorage).join()'),
    async waitForStored(text) {
      // A function, since the page's policy forbids evaluating a string.
      await page.waitForFunction(
        (expected) =>
          Object.values(Reflect.get(globalThis, 'localStorage')).join().includes(expected),
        text,
      );
    },
    async reload() {
      await page.goto(url);
      await query.waitFor();
    },
  };
}

import { expect, onTestFinished, test } from 'vitest';
import { openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

test('the page works in a browser that blocks its storage', async () => {
  const { server, browser, close } = await startWithBrowser();
  onTestFinished(close);
  const live = await openLivePage(browser, server.url);
  // As Chromium and Firefox do when a person blocks all cookies.
  await live.page.addInitScript(() => {
    for (const name of ['sessionStorage', 'localStorage']) {
      Object.defineProperty(globalThis, name, {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        },
      });
    }
  });
  await live.page.reload();
  await live.signIn(await server.token());
  await live.live();
  const { body } = await server.post('message_sent', { user_id: '42A' });
  await live.waitForRow(body.id);
  expect(live.errors).toEqual([]);
});

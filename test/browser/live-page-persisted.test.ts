import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchBrowser } from '../utils/browser.ts';
import { runEventline, startServerProcess } from '../utils/eventline.ts';
import { deliveryOf } from '../utils/server.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { openLivePage } from './live-page.ts';

test('every view works on a server that only runs persisted operations', async () => {
  const cwd = await temporaryDirectory();
  const printed = await runEventline(['operations', '--live-page'], { cwd });
  await writeFile(join(cwd, 'list.json'), printed.stdout);
  const env = { PERSISTED_OPERATIONS: 'list.json', LIVE_PAGE: 'on' };
  const server = await startServerProcess({ cwd, env });
  const browser = await launchBrowser();
  try {
    const live = await openLivePage(browser, server.url);
    await live.live();
    const answer = await server.post(deliveryOf('message_sent', { user_id: '42A' }));
    const id = String(answer?.body.id);
    await live.waitForRow(id);
    await live.page.getByRole('img', { name: /^1 event in the last hour/ }).waitFor();
    for (const [view, text] of [
      ['users/42A', 'Events by type'],
      [`events/${encodeURIComponent(id)}`, 'professional_id'],
    ] as const) {
      await live.page.goto(`${server.url}/#/${view}`);
      await live.page.getByText(text).first().waitFor();
    }
    expect(live.errors).toEqual([]);
    await live.close();
  } finally {
    await browser.close();
    await server.kill('SIGTERM');
  }
});

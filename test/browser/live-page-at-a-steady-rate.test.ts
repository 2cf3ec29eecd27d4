import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../utils/browser.ts';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';
import { openLivePage } from './live-page.ts';
import { startPacedSender } from './start-paced-sender.ts';
import { type Pictures, watchPictures } from './watch-pictures.ts';

const directory = join(import.meta.dirname, '../../dist/web');
const PER_SECOND = 200;
/** So many are stored in each part: before the pause, during it, and behind it. */
const PART = 4 * PER_SECOND;
/** The shortest time between two pictures, as the page has it. */
const LEAST_MS = 50;
/** Rows that are seen in a window of 800 px, and those beyond it on both sides. */
const MOST_ROWS = 34;
let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([
    startTestServer({ livePage: { directory } }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** As a sender does: what was not answered, since the connection ended under it, is sent again. */
async function post() {
  const delivery = deliveryOf('message_sent', { user_id: 'steady' });
  for (;;) {
    const answer = await server.postRaw(delivery).catch((error: TypeError) => {
      if (error.message !== 'fetch failed') throw error;
    });
    if (answer === undefined) continue;
    expect(answer.status).toBe(200);
    return answer.body;
  }
}

test('at a steady 200 events/s a pause loses none, and a picture costs no more the more there are', async ({
  annotate,
}) => {
  const live = await openLivePage(browser, `${server.url}/#/?user=steady`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.live();
  const sender = startPacedSender(post, PER_SECOND);
  await page.locator('.view [data-id]').first().waitFor();
  const early = await watchPictures(page);
  await sender.more(PART);
  const first = await early();

  await page.getByRole('button', { name: 'Pause' }).click();
  const held = await page.locator('.view [data-index="0"]').getAttribute('data-id');
  await sender.more(PART);
  await page.waitForFunction(
    (least) => {
      const text = Reflect.get(globalThis, 'document').querySelector('.view [data-waiting]');
      return Number(text?.getAttribute('data-waiting')) >= least;
    },
    // What was on its way when the button was pressed is not waiting.
    PART / 2,
  );
  expect(await page.locator('.view [data-index="0"]').getAttribute('data-id')).toBe(held);

  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('.view [data-waiting]').waitFor({ state: 'detached' });
  const late = await watchPictures(page);
  await sender.more(PART);
  const last = await late();
  const { ids, perSecond } = await sender.stop();
  await live.waitForRow(ids.at(-1) ?? '');
  await live.waitForIds([...ids].reverse());

  // How long a frame took is told and not judged: the machine may have other things to do. What there
  // is to do for one is judged: it is bounded, and so is how often it is done.
  await annotate(`${perSecond.toFixed(0)} events/s; ${inWords(first)}; ${inWords(last)}`);
  for (const { redrawn, elapsedMs, mostRows, mostChanges } of [first, last]) {
    expect(redrawn).toBeGreaterThan(0);
    expect(redrawn).toBeLessThanOrEqual(elapsedMs / LEAST_MS + 2);
    expect(mostRows).toBeLessThanOrEqual(MOST_ROWS);
    expect(mostChanges).toBeLessThanOrEqual(MOST_ROWS * 8);
  }
  expect(live.errors).toEqual([]);
  await live.close();
});

function inWords({ framesMs, longTasksMs, redrawn, mostRows, mostChanges, cpuMs }: Pictures) {
  const at = (part: number) =>
    (framesMs[Math.min(framesMs.length - 1, Math.floor(framesMs.length * part))] ?? 0).toFixed(1);
  const frames = `${framesMs.length} frames, p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)} ms`;
  const drawn = `${redrawn} times drawn, ${mostRows} rows, ${mostChanges} changes at most`;
  return `${frames}; ${longTasksMs.length} long tasks; ${drawn}; ${(cpuMs / redrawn).toFixed(1)} ms CPU each`;
}

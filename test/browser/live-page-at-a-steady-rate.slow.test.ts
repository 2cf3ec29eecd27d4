import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postAsSender } from '../utils/post-as-sender.ts';
import { deliveryOf, type TestServer } from '../utils/server.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { openLivePage } from './live-page.ts';
import { startPacedSender } from './start-paced-sender.ts';
import { startWithBrowser } from './start-with-browser.ts';
import { type DrawingReport, watchDrawing } from './watch-drawing.ts';

/** Later than the page's clock, and before its token expires. */
const CLOCK_AHEAD_MS = 10_000;
const PER_SECOND = 200;
/** Events before the pause, during it, and after it. */
const PART = 4 * PER_SECOND;
/** Minimum interval between redraws, and the duration of a browser frame. */
const MIN_REDRAW_MS = 50;
const FRAME_MS = 16;
/** Rows visible in a window of 800 px, plus the rows drawn beyond both edges. */
const MAX_ROWS = 34;
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser());
});
afterAll(() => close?.());

/** Like the sender, posts a delivery again if its connection ended without an answer. */
async function post(signal: AbortSignal) {
  const delivery = deliveryOf('message_sent', { user_id: 'steady' });
  const answer = await postAsSender(
    () =>
      server.postOnce(delivery).catch((error: TypeError) => {
        if (error.message !== 'fetch failed') throw error;
        return undefined;
      }),
    signal,
  );
  expect(answer.status).toBe(200);
  return answer.body;
}

test('at 200 events/s a pause loses no event, and the cost of a frame does not grow with the number of events', async ({
  annotate,
}) => {
  const live = await openLivePage(browser, `${server.url}/#/?user=steady`);
  const { page } = live;
  await live.signIn(await server.token());
  await live.live();
  const sender = startPacedSender(post, PER_SECOND);
  await page.locator('.view [data-id]').first().waitFor();
  const early = await watchDrawing(page);
  await sender.more(PART);
  const first = await early();

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const held = await page.locator('.view [data-index="0"]').getAttribute('data-id');
  await sender.more(PART);
  await page.waitForFunction(
    (least) => {
      const text = Reflect.get(globalThis, 'document').querySelector('.view [data-waiting]');
      return Number(text?.getAttribute('data-waiting')) >= least;
    },
    // Events in flight when the button was pressed are not counted as waiting.
    PART / 2,
  );
  expect(await page.locator('.view [data-index="0"]').getAttribute('data-id')).toBe(held);

  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.locator('.view [data-waiting]').waitFor({ state: 'detached' });
  const late = await watchDrawing(page);
  await sender.more(PART);
  const last = await late();
  const { ids, perSecond } = await sender.stop();
  await live.waitForRow(ids.at(-1) ?? '');
  await live.waitForIds([...ids].reverse());

  // Frame times are reported and not asserted: they depend on the machine. The work for one picture is
  // asserted.
  await annotate(`${perSecond.toFixed(0)} events/s; ${inWords(first)}; ${inWords(last)}`);
  for (const { redrawn, maxRows, maxChanges } of [first, last]) {
    expect(redrawn).toBeGreaterThan(0);
    expect(maxRows).toBeLessThanOrEqual(MAX_ROWS);
    expect(maxChanges).toBeLessThanOrEqual(MAX_ROWS * 8);
  }
  expect(live.errors).toEqual([]);
  await live.close();
});

test('all events that arrive between two frames are drawn at once', async () => {
  const live = await openLivePage(browser, `${server.url}/#/?user=drawn`);
  const { page } = live;
  // The page's clock stands still until the test advances it.
  await page.clock.install();
  const received = idsReceived(page);
  await page.reload();
  await live.signIn(await server.token());
  const { body: early } = await server.post('message_sent', { user_id: 'drawn' });
  await live.waitForRow(early.id);
  // Just after a whole second, at which the page tells the ages of events again.
  await page.clock.pauseAt(Math.ceil((Date.now() + CLOCK_AHEAD_MS) / 1_000) * 1_000 + 100);
  // Draws a pending frame first, which would show the events too early.
  await page.clock.runFor(MIN_REDRAW_MS + FRAME_MS);
  const ids = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const { body } = await server.post('message_sent', { user_id: 'drawn' });
      return { id: String(body.id), position: Number(body.position) };
    }),
  );
  await waitUntil(() => ids.every(({ id }) => received.has(id)));
  const pictures = await watchDrawing(page);
  await page.clock.runFor(MIN_REDRAW_MS - 1);
  expect(await page.locator('.view [data-id]').count()).toBe(1);
  await page.clock.runFor(1 + FRAME_MS);
  const inOrder = ids.sort((one, other) => one.position - other.position).map(({ id }) => id);
  await live.waitForRow(inOrder.at(-1) ?? '');
  expect((await pictures()).redrawn).toBe(1);
  await page.clock.resume();
  await live.waitForIds([early.id, ...inOrder].reverse());
  await live.close();
});

/** Collects the ids of events that the page receives over WebSocket. */
function idsReceived(page: Page): ReadonlySet<string> {
  const ids = new Set<string>();
  page.on('websocket', (socket) => {
    socket.on('framereceived', (frame) => {
      ids.add(JSON.parse(String(frame.payload)).payload?.data?.events?.id);
    });
  });
  return ids;
}

function inWords({ framesMs, longTasksMs, redrawn, maxRows, maxChanges, cpuMs }: DrawingReport) {
  const at = (part: number) =>
    (framesMs[Math.min(framesMs.length - 1, Math.floor(framesMs.length * part))] ?? 0).toFixed(1);
  const frames = `${framesMs.length} frames, p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)} ms`;
  const drawn = `${redrawn} times drawn, ${maxRows} rows, ${maxChanges} changes at most`;
  return `${frames}; ${longTasksMs.length} long tasks; ${drawn}; ${(cpuMs / redrawn).toFixed(1)} ms CPU each`;
}

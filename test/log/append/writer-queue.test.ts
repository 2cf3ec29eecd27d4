import { expect, test } from 'vitest';
import { createTurns } from '../../../src/log/append/writer-queue.ts';
import { openStorage as openDatabase } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { testSignal } from '../../utils/test-signal.ts';
import { newEvent } from '../new-event.ts';
import { emptyDatabase, openLog } from '../open-logs.ts';

const HOUR_MS = 60 * 60 * 1_000;

async function openTurns(count: number, stuckMs = HOUR_MS) {
  const { collections, close } = await openDatabase((await freshDatabase()).uri);
  const options = { stuckMs, calmMs: HOUR_MS };
  const each = Array.from({ length: count }, () => createTurns(collections.turns, options));
  // As after a lost race: with nobody else there would be no turns.
  for (const turns of each) turns.raceLost();
  return { each, collections, close };
}

test('numbers are called one after the other, and each hands on where the log ends', async () => {
  const { each, close } = await openTurns(3);
  let inside = 0;
  const order: number[] = [];
  await Promise.all(
    each.map(async (turns, writer) => {
      for (let round = 1; round <= 10; round += 1) {
        const turn = await turns.take();
        inside += 1;
        expect([turn.isTaken, inside]).toEqual([true, 1]);
        expect(turn.head).toBe(order.length);
        order.push(writer);
        inside -= 1;
        await turn.end(order.length, round < 10);
      }
    }),
  );
  // Strictly in turns once all stand in line, until the first has had its last.
  const start = Math.max(...[0, 1, 2].map((writer) => order.indexOf(writer)));
  const end = Math.min(...[0, 1, 2].map((writer) => order.lastIndexOf(writer)));
  expect(end - start).toBeGreaterThan(3);
  for (let index = start; index + 3 <= end; index += 1) {
    expect(new Set(order.slice(index, index + 3)).size).toBe(3);
  }
  await close();
});

test("each gets a number of a line that all begin at once, and no number is nobody's", async () => {
  const { each, collections, close } = await openTurns(3);
  for (let round = 0; round < 20; round += 1) {
    await collections.turns.deleteOne({ _id: 'turns' });
    const taken = await Promise.all(
      each.map(async (turns) => {
        const turn = await turns.take();
        await turn.end(0, false);
        return turn.isTaken;
      }),
    );
    expect(taken).toEqual([true, true, true]);
    expect(await collections.turns.findOne({ _id: 'turns' })).toMatchObject({
      next: 3,
      serving: 3,
    });
  }
  await close();
});

test('one that does not move is passed over, whether in its turn or in the line', async () => {
  const { each, close } = await openTurns(3, 10);
  const [dead, waiting, alive] = each.map((turns) => turns.take());
  await dead;
  // Neither the first nor the second ever ends its turn.
  expect(await alive).toMatchObject({ isTaken: true });
  await waiting;
  await close();
});

test('a line that is lost, or a database that is away, gives way', async () => {
  const { each, collections, close } = await openTurns(2);
  const [first, second] = each;
  await first?.take();
  const pending = second?.take();
  await collections.turns.deleteOne({ _id: 'turns' });
  await pending;
  await close();
  expect(await second?.take()).toMatchObject({ isTaken: false });
});

test('a line that is made anew is not waited in with a number of the old one', async () => {
  const { each, collections, close } = await openTurns(3);
  const [first, second, third] = each;
  await first?.take();
  const old = second?.take();
  await collections.turns.replaceOne({ _id: 'turns' }, { next: 0, serving: 0, head: 0 });
  expect(await third?.take()).toMatchObject({ isTaken: true });
  expect(await old).toMatchObject({ isTaken: true });
  await close();
});

test('who has nothing to write any more waits no longer', async () => {
  const { each, close } = await openTurns(2);
  await each[0]?.take();
  let isWanted = true;
  const waiting = each[1]?.take(() => isWanted);
  isWanted = false;
  await waiting;
  await close();
});

test('three writers at full load get the same share, and none has to send again', async () => {
  const uri = await emptyDatabase();
  const logs = await Promise.all([openLog(uri), openLog(uri), openLog(uri)]);
  const stored = [0, 0, 0];
  let over = false;
  const signal = testSignal();
  // Until one has stored as much as at the start would have starved the others for good.
  await Promise.all(
    logs.flatMap(({ log }, writer) =>
      Array.from({ length: 20 }, async () => {
        while (!over && !signal.aborted) {
          await log.appender.append(newEvent(), 100);
          stored[writer] = (stored[writer] ?? 0) + 1;
          over ||= (stored[writer] ?? 0) >= 400;
        }
      }),
    ),
  );
  expect(Math.min(...stored)).toBeGreaterThan(200);
});

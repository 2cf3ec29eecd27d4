import { expect, onTestFinished, test } from 'vitest';
import { sizeOf } from '../../../src/catalog/size-of.ts';
import { insertBatch } from '../../../src/log/append/insert-batch.ts';
import { createLogReader } from '../../../src/log/read/log-reader.ts';
import { createLogState } from '../../../src/log/state/log-state.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { newEvent } from '../new-event.ts';

const COUNT = 20;
const SPAN = { after: 0, upTo: COUNT };

test('a page is decoded in slices: after each event the reader waits for its turn', async () => {
  const { uri } = await freshDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const events = Array.from({ length: COUNT }, () => newEvent({ text: 'x'.repeat(10_000) }));
  await insertBatch(collections.events, events, 1);
  const logState = await createLogState(collections);
  const spent: number[] = [];
  const turns: (() => void)[] = [];
  const openSlices = () => ({
    spend(bytes: number) {
      spent.push(bytes);
      return new Promise<void>((resolve) => {
        turns.push(resolve);
        setImmediate(() => {
          // The next event is decoded only after this turn.
          expect(spent).toHaveLength(turns.length);
          resolve();
        });
      });
    },
  });
  const reader = createLogReader(collections.events, logState, { openSlices });
  const page = await reader.read(SPAN, { limit: COUNT });
  expect(page.events).toHaveLength(COUNT);
  // After the last event nothing is left to decode.
  expect(spent).toEqual(page.events.slice(0, -1).map(sizeOf));

  const whole = createLogReader(collections.events, logState);
  expect((await whole.read(SPAN, { limit: COUNT })).events).toEqual(page.events);
});

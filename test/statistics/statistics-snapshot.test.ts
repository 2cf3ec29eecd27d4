import { expect, test } from 'vitest';
import { beginErasure } from '../../src/log/state/begin-erasure.ts';
import { createLogState } from '../../src/log/state/log-state.ts';
import { countEvents } from '../../src/statistics/count-events.ts';
import { createStatisticsRunner } from '../../src/statistics/run-pipeline.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { emptyDatabase } from '../log/open-logs.ts';
import { someEvents } from '../log/some-events.ts';

const EVENTS = 30;
const wanted = {
  ...{ filter: {}, by: [], timeZone: 'UTC', distinct: new Set<never>() },
  limits: { maxBuckets: 10, maxAnswerBytes: 1_000_000_000, statisticsTimeoutMs: 60_000 },
};

async function openSource() {
  const opened = await openStorage(await emptyDatabase());
  const { events, bounds, erasureState } = opened.collections;
  await events.insertMany(someEvents(EVENTS, 5).map((event, n) => toDocument(event, n + 1)));
  const logState = await createLogState(opened.collections);
  const source = { events, logState, head: () => EVENTS };
  return {
    source,
    /** Runs `work` during the first pipeline, and returns how many pipelines ran. */
    interrupted(work: () => Promise<unknown>) {
      let runs = 0;
      const watched = new Proxy(events, {
        get(target, name) {
          if (name !== 'aggregate') return Reflect.get(target, name);
          return (...parameters: Parameters<typeof events.aggregate>) => {
            runs += 1;
            const cursor = target.aggregate(...parameters);
            const found = cursor.toArray();
            const isFirst = runs === 1;
            return {
              async *[Symbol.asyncIterator]() {
                if (isFirst) await work();
                yield* await found;
              },
            };
          };
        },
      });
      return { run: createStatisticsRunner({ ...source, events: watched }), runs: () => runs };
    },
    remove: async (upTo: number) => {
      const set = { $set: { removedUpTo: upTo } };
      await bounds.updateOne({ _id: 'bounds' }, set, { upsert: true });
      await logState.refresh();
    },
    erase: async () => {
      await beginErasure(opened.collections, 'somebody');
      await erasureState.updateOne({ _id: 'erasures' }, { $inc: { epoch: 1 } });
      await logState.refresh();
    },
    close: opened.close,
  };
}

test('events announced as removed during a count are not counted', async () => {
  const { interrupted, remove, close } = await openSource();
  const { run, runs } = interrupted(() => remove(12));
  const { span, result } = await countEvents(run, wanted);
  expect({ span, result }).toEqual({
    span: { after: 12, upTo: EVENTS },
    result: [{ keys: {}, count: EVENTS - 12 }],
  });
  expect(runs()).toBe(2);
  await close();
});

test('a count during an erasure is repeated', async () => {
  const { interrupted, erase, close } = await openSource();
  const { run, runs } = interrupted(erase);
  expect((await countEvents(run, wanted)).result).toEqual([{ keys: {}, count: EVENTS }]);
  expect(runs()).toBe(2);
  await close();
});

test('a computation over the time limit is refused with advice to narrow it', async () => {
  const { source, close } = await openSource();
  const events = new Proxy(source.events, {
    get(target, name) {
      if (name !== 'aggregate') return Reflect.get(target, name);
      // A pipeline that no server finishes in a millisecond.
      return (pipeline: object[], options: object) =>
        target.aggregate(
          [
            { $match: { position: { $gt: 0, $lte: EVENTS } } },
            { $set: { many: { $range: [0, 2_000] } } },
            { $unwind: '$many' },
            ...pipeline,
          ],
          { ...options, maxTimeMS: 1 },
        );
    },
  });
  const run = createStatisticsRunner({ ...source, events });
  await expect(countEvents(run, wanted)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: expect.stringMatching(/longer than 60000 \(STATISTICS_TIMEOUT_MS\).*Narrow `filter`/),
  });
  await close();
});

test('the queue of computations is bounded', async () => {
  const { source, close } = await openSource();
  let go: (value?: unknown) => void = () => undefined;
  const gate = new Promise((resolve) => {
    go = resolve;
  });
  const run = createStatisticsRunner(source);
  const limits = wanted.limits;
  const waiting = Array.from({ length: 80 }, () =>
    run({ limits }, async () => {
      await gate;
    }).catch((error) => error.code),
  );
  // Refusals come at once; then the waiting ones are released.
  await expect(Promise.any(waiting)).resolves.toBe('RATE_LIMITED');
  go();
  const outcomes = await Promise.all(waiting);
  expect(outcomes.filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(80 - 32);
  await close();
});

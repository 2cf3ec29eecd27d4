import { describe, expect, test } from 'vitest';
import { createNumberCheck } from './numbered.ts';
import { OptionsError, readOptions } from './options.ts';
import { goalsOf, type ServerFigures, type SoakFigures, toMarkdown } from './report.ts';

describe('event numbers of a user', () => {
  const take = (numbers: readonly number[]) => {
    const check = createNumberCheck();
    return numbers.map((number) => check.take({ userId: 'a', number }));
  };
  test.each([
    ['one after the other', [4, 5, 6], [undefined, undefined, undefined]],
    ['with one missing', [4, 6, 7], [undefined, 'lost', undefined]],
    ['with one twice', [4, 5, 5, 6], [undefined, undefined, 'doubled', undefined]],
    ['with one that comes too late', [4, 6, 5], [undefined, 'lost', 'doubled']],
  ])('%s', (_, numbers, expected) => {
    expect(take(numbers)).toEqual(expected);
  });

  test('are tracked per user, and reset for a reader without a cursor', () => {
    const check = createNumberCheck();
    expect(check.take({ userId: 'a', number: 1 })).toBeUndefined();
    expect(check.take({ userId: 'b', number: 7 })).toBeUndefined();
    expect([check.last('a'), check.last('b'), check.last('c')]).toEqual([1, 7, undefined]);
    check.forget();
    expect(check.take({ userId: 'a', number: 9 })).toBeUndefined();
  });
});

test('options have defaults, and impossible ones are refused', () => {
  const all = {
    minutes: 20,
    rate: 300,
    subscribers: 1_000,
    servers: 1,
    uri: undefined,
    json: false,
  };
  expect(readOptions([])).toEqual(all);
  expect(readOptions(['--minutes', '0.5', '--rate', '50', '--json'])).toEqual({
    ...{ ...all, minutes: 0.5, rate: 50, json: true },
  });
  expect(readOptions(['--help'])).toBe('help');
  for (const args of [['--rate', 'x'], ['--rate', '1.5'], ['--minutes', '0'], ['--no-such']]) {
    expect(() => readOptions(args)).toThrow(OptionsError);
  }
});

describe('the report', () => {
  const open = { files: 20, databaseConnections: 5, connections: 1, subscriptions: 0 };
  const server: ServerFigures = {
    ...{ name: 'server 1', publishDelayP99Ms: 12, longestLagMs: 0 },
    minutes: [{ resident: 100, heap: 50 }],
    ...{ secondQuarterMiB: 100, lastQuarterMiB: 104, openAtStart: open, openAtEnd: open },
  };
  const figures: SoakFigures = {
    options: { minutes: 1, rate: 300, subscribers: 10, servers: 1, uri: undefined, json: false },
    ...{ database: 'a database', startToReadyMs: 700, acknowledged: 9, visits: 3, late: 0 },
    errors: { lost: 0, doubled: 0, disordered: 0, wrong: 0 },
    ...{ ackMs: { p50: 1, p99: 2 }, latencyMs: { p50: 3, p99: 4 }, servers: [server] },
  };
  const missed = (changed: Partial<SoakFigures>) =>
    goalsOf({ ...figures, ...changed })
      .filter(({ isReached }) => !isReached)
      .map(({ what }) => what);

  test('says for each figure whether its target was reached', () => {
    expect(missed({})).toEqual([]);
    expect(missed({ errors: { ...figures.errors, lost: 1 } })).toEqual(['errors']);
    expect(missed({ startToReadyMs: 1_500 })).toEqual(['start to ready']);
    const withServer = (changed: Partial<ServerFigures>) =>
      missed({ servers: [{ ...server, ...changed }] });
    expect(withServer({ publishDelayP99Ms: 50 })).toHaveLength(1);
    expect(withServer({ lastQuarterMiB: 106 })).toHaveLength(1);
    expect(withServer({ lastQuarterMiB: 94 })).toHaveLength(1);
    expect(withServer({ openAtEnd: { ...open, files: 21 } })).toHaveLength(1);
    expect(withServer({ openAtEnd: { ...open, subscriptions: 1 } })).toHaveLength(1);
  });

  test('has a table by minute', () => {
    expect(toMarkdown(figures)).toContain('| 1 | 100 | 50 |');
    expect(toMarkdown(figures)).toContain('| errors | 0 | 0 | yes |');
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog/catalog.ts';
import type { StoredEvent } from '../../../src/catalog/event.ts';
import { makeDeliveries } from '../../../src/cli/commands/seed/make-deliveries.ts';
import { describeProgress } from '../../../src/cli/show-progress.ts';
import { createLog } from '../../../src/log/log.ts';
import { emptyDatabase, openLog } from '../../log/open-logs.ts';
import { freshDatabase, type TestDatabase } from '../../utils/database.ts';
import { runEventline, startEventline } from '../../utils/eventline.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

const EVENTS = 2_000;
const ARGS = ['seed', '--events', String(EVENTS), '--until', '2026-01-31', '--yes', '--json'];
const plan = { events: 300, users: 10, days: 5, seed: 1, untilMs: Date.UTC(2026, 0, 31) };

describe(`${EVENTS} events`, () => {
  let database: TestDatabase;
  let counts: Record<string, number>;
  let events: StoredEvent[];
  let kept: number;

  beforeAll(async () => {
    database = await freshDatabase();
    const options = { cwd: import.meta.dirname, env: { MONGODB_URI: database.uri } };
    const { stdout, code } = await runEventline(ARGS, options);
    expect(code).toBe(0);
    counts = JSON.parse(stdout);
    const log = await createLog({ uri: database.uri, onEvent: () => undefined });
    ({ events } = await log.reader.read({ after: 0, upTo: log.tailer.head() }, { limit: 10_000 }));
    kept = (await log.quarantine.ids()).length;
    await log.close();
  });
  afterAll(() => database.drop());

  const inTime = () => events.toSorted((a, b) => Number(a.occurredOn) - Number(b.occurredOn));

  test('are in the log, of every type, including unknown and refused ones', () => {
    expect(counts).toMatchObject({ stored: EVENTS, duplicates: 0, refused: kept });
    expect(events).toHaveLength(EVENTS);
    const types = new Set(events.map(({ type }) => type));
    expect([...types].sort()).toEqual([...catalog.map(({ name }) => name), 'unknown'].sort());
    expect(events.filter(({ type }) => type === 'unknown')).toHaveLength(counts.unknown ?? -1);
    expect(kept).toBeGreaterThan(0);
  });

  test('were received in log order, some long after they occurred', () => {
    const received = events.map(({ receivedAt }) => receivedAt.getTime());
    expect(received).toEqual(received.toSorted((a, b) => a - b));
    const lateMs = events.map((event) => Number(event.receivedAt) - Number(event.occurredOn));
    expect(Math.min(...lateMs)).toBeGreaterThanOrEqual(0);
    const late = lateMs.filter((ms) => ms > 300_000).length;
    expect(late).toBeGreaterThan(EVENTS / 100);
    expect(late).toBeLessThan(EVENTS / 10);
  });

  test("a user's first login precedes all other events of the user", () => {
    const known = new Set<string>();
    for (const { type, userId } of inTime()) {
      if (userId === null) continue;
      expect(known.has(userId)).toBe(type !== 'user_first_logged_in');
      known.add(userId);
    }
    expect(known.size).toBe(EVENTS / 100);
  });

  test('an installation is created before it is used, and unused after it is removed', () => {
    const used = new Map<string, string>();
    for (const { type, installationId } of inTime()) {
      if (installationId === null) continue;
      const before = used.get(installationId);
      expect(before === undefined).toBe(type === 'installation_created');
      expect(before).not.toBe('app_uninstalled');
      used.set(installationId, type);
    }
  });

  test('a message is read at most once, after it was sent, with the same content', () => {
    const sent = new Map<unknown, object>();
    let read = 0;
    for (const { type, payload } of inTime()) {
      if (type === 'message_sent') sent.set(payload.message_id, payload);
      if (type !== 'message_read') continue;
      read += 1;
      const { installation_id: _, ...message } = payload;
      expect(sent.get(payload.message_id)).toMatchObject(message);
      sent.delete(payload.message_id);
    }
    expect(read).toBeGreaterThan(100);
    expect(sent.size).toBeGreaterThan(10);
  });

  test("a plan changes from the user's previous plan", () => {
    const plans = new Map<string | null, unknown>();
    for (const { type, userId, payload } of inTime()) {
      if (type === 'user_status_changed') {
        expect(payload.from_status).toBe(plans.get(userId));
        plans.set(userId, payload.to_status);
      } else if (type.endsWith('logged_in')) plans.set(userId, payload.status);
    }
  });

  test('a second run stores nothing twice', async () => {
    const options = { cwd: await temporaryDirectory(), env: { MONGODB_URI: database.uri } };
    const { stdout } = await runEventline(ARGS, options);
    expect(JSON.parse(stdout)).toMatchObject({ stored: 0, duplicates: EVENTS });
  });
});

test('an interrupted run prints how to resume, and resumes', async () => {
  const uri = await emptyDatabase();
  const options = { cwd: await temporaryDirectory(), env: { MONGODB_URI: uri } };
  const { until } = await openLog(uri);
  const few = 200;
  const args = [...ARGS, '--events', String(few)];
  const { child, finished } = startEventline([...args, '--rate', '20'], options);
  await until(20);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await finished;
  expect(code).toBe(130);
  expect(stderr).toContain('Run the same command again to resume.');
  const { stored } = JSON.parse(stdout);
  expect(stored).toBeLessThan(few);
  const again = JSON.parse((await runEventline(args, options)).stdout);
  expect(again).toMatchObject({ stored: few - stored, duplicates: stored });
});

test('the same plan gives the same deliveries; another seed gives others', () => {
  const one = [...makeDeliveries(plan)];
  expect([...makeDeliveries(plan)]).toEqual(one);
  expect([...makeDeliveries({ ...plan, seed: 2 })]).not.toEqual(one);
  const bodies = new Set([...makeDeliveries({ ...plan, seed: 2 })].map(({ body }) => body));
  expect(one.filter(({ body }) => bodies.has(body))).toEqual([]);
});

test.each([
  ['production', { NODE_ENV: 'production' }, [], /NODE_ENV|production/],
  ['nobody to ask', {}, [], 'give --yes'],
  ['no number', {}, ['--events', 'many', '--yes'], 'expected a whole number'],
  ['no day', {}, ['--until', '2026-13-01', '--yes'], 'expected a day'],
])('is refused: %s', async (_, env, args, message) => {
  const MONGODB_URI = await emptyDatabase();
  const options = { cwd: await temporaryDirectory(), env: { MONGODB_URI, ...env } };
  const { code, stderr, stdout } = await runEventline(['seed', ...args], options);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
});

test('more users than fit are reported', async () => {
  const options = { cwd: await temporaryDirectory(), env: { MONGODB_URI: await emptyDatabase() } };
  const { code, stderr } = await runEventline([...ARGS, '--days', '1', '--users', '1'], options);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Only \d+ events fit/);
});

test('progress is printed in words', () => {
  expect(describeProgress(312_000, 1_000_000, 60_000)).toBe(
    '312,000 of 1,000,000 events (31 %), 5,200/s, 2 min 13 s left',
  );
  expect(describeProgress(0, 10, 0)).toBe('0 of 10 events (0 %), 0/s, 10 s left');
});

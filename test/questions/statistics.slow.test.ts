import { expect, test } from 'vitest';
import { PLANS, useExampleLog } from './example-log.ts';
import { count, dayIn, distinct, type Raw, rank, sorted, weekIn } from './raw-events.ts';

const { raw, ofType, ask } = useExampleLog();

test('MessagesPerDay: by speciality and day in Madrid', async () => {
  const expected = count(ofType('message_sent'), (event) =>
    JSON.stringify([dayIn('Europe/Madrid', event), event.payload.speciality]),
  );
  const { eventCounts } = await ask('MessagesPerDay');
  const found = eventCounts.rows.map(({ day, speciality, count }: never) => [
    JSON.stringify([day, speciality]),
    count,
  ]);
  expect(new Map(found)).toEqual(expected);
});

test('ActiveUsers: distinct users and events per day', async () => {
  const { eventCounts } = await ask('ActiveUsers');
  const days = [...count(raw, (event) => dayIn('Europe/Madrid', event))].sort();
  expect(eventCounts.rows).toEqual(
    days.map(([day, number]) => {
      const events = raw.filter((event) => dayIn('Europe/Madrid', event) === day);
      return { day, users: distinct(events, 'user_id'), count: number };
    }),
  );
});

const seconds = (duration: string) => Number(/^PT([\d.]+)S$/.exec(duration)?.[1]);

test('ReadDelays: p50 and p95 by speciality', async () => {
  const { readDelays } = await ask('ReadDelays');
  const sent = ofType('message_sent');
  expect(readDelays.map(({ speciality }: never) => speciality)).toEqual(
    [...count(sent, ({ payload }) => String(payload.speciality)).keys()].sort(),
  );
  for (const row of readDelays) {
    const these = sent.filter(({ payload }) => payload.speciality === row.speciality);
    const delays = these.flatMap((event) => {
      const reads = sorted(
        ofType('message_read').filter(
          ({ payload }) => payload.message_id === event.payload.message_id,
        ),
      );
      return reads[0] ? [Date.parse(reads[0].occurred_on) - Date.parse(event.occurred_on)] : [];
    });
    expect(row).toMatchObject({ sent: these.length, read: delays.length });
    for (const [percent, duration] of [
      [50, row.p50],
      [95, row.p95],
    ] as const) {
      const exactMs = rank(delays, percent);
      if (exactMs === undefined) expect(duration).toBe(null);
      else expect(Math.abs(seconds(duration) * 1_000 - exactMs)).toBeLessThan(0.006 * exactMs);
    }
  }
});

test('Installs: by operating system and country, and how many led to a login', async () => {
  const { firstLogins } = await ask('Installs');
  const logins = ofType('user_logged_in', 'user_first_logged_in');
  const created = ofType('installation_created');
  const expected = [
    ...count(created, ({ payload }) => JSON.stringify([payload.os_name, payload.country_code])),
  ];
  expect(
    firstLogins
      .map(({ osName, countryCode, installations }: never) => [
        JSON.stringify([osName, countryCode]),
        installations,
      ])
      .sort(),
  ).toEqual(expected.sort());
  for (const row of firstLogins) {
    const these = created.filter(
      ({ payload }) => payload.os_name === row.osName && payload.country_code === row.countryCode,
    );
    const delays = these.flatMap((event) => {
      const own = sorted(
        logins.filter(({ payload }) => payload.installation_id === event.payload.installation_id),
      );
      return own[0] ? [Date.parse(own[0].occurred_on) - Date.parse(event.occurred_on)] : [];
    });
    expect(row).toMatchObject({ loggedIn: delays.length, share: delays.length / these.length });
    const exactMs = rank(delays, 50) ?? 0;
    expect(Math.abs(seconds(row.p50) * 1_000 - exactMs)).toBeLessThan(0.006 * exactMs);
  }
});

test('PlanChanges: by week and plan, and the latest ones', async () => {
  const { eventCounts, events } = await ask('PlanChanges');
  const changes = ofType('user_status_changed');
  const plan = (code: unknown) => PLANS[code as number] ?? 'UNKNOWN';
  const key = (event: Raw) =>
    JSON.stringify([weekIn('Europe/Madrid', event), plan(event.payload.to_status)]);
  const expected = [...count(changes, key)].map(([keys, number]) => {
    const these = changes.filter((event) => key(event) === keys);
    return [keys, number, distinct(these, 'user_id')];
  });
  const found = eventCounts.rows.map(({ week, status, count, users }: never) => [
    JSON.stringify([week, status]),
    count,
    users,
  ]);
  expect(found.sort()).toEqual(expected.sort());
  expect(events.edges.map(({ node }: never) => (node as { toStatus: string }).toStatus)).toEqual(
    changes.slice(-10).map(({ payload }) => plan(payload.to_status)),
  );
});

import { describe, expect, test } from 'vitest';
import type { StoredData } from '../utils/open-stored-data.ts';
import type { TestServer } from '../utils/server.ts';
import { useServer } from '../utils/use-server.ts';

let server: TestServer;
let storedData: StoredData;
useServer((started) => {
  ({ server, storedData } = started);
});

const post = (occurred_on: unknown, userId: string) =>
  server.postRaw(
    JSON.stringify({
      type: 'user_status_changed',
      occurred_on,
      payload: { user_id: userId, from_status: 0, to_status: 2 },
    }),
  );
const ONE = 'query ($id: ID!) { event(id: $id) { occurredOn } }';

describe('an instant is accepted in any notation', () => {
  test.each([
    ['the form announced', '2021-09-14T15:55:12+0000', '2021-09-14T15:55:12.000Z'],
    ['the form of the examples', '2021-09-14T15:55:12.642+00:00', '2021-09-14T15:55:12.642Z'],
    ['Z', '2021-09-14T15:55:12Z', '2021-09-14T15:55:12.000Z'],
    ['an offset east', '2021-09-14T15:55:12.642+05:45', '2021-09-14T10:10:12.642Z'],
    ['an offset west, over midnight', '2021-12-31T23:30:00-0330', '2022-01-01T03:00:00.000Z'],
    ['one digit of fraction', '2021-09-14T15:55:12.6Z', '2021-09-14T15:55:12.600Z'],
    ['nanoseconds', '2021-09-14T15:55:12.642999999Z', '2021-09-14T15:55:12.642Z'],
    ['before 1970', '1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
    ['the first year', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['the last year', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['a leap day', '2024-02-29T12:00:00+01', '2024-02-29T11:00:00.000Z'],
    ['the end of a day', '2021-09-14T24:00:00Z', '2021-09-15T00:00:00.000Z'],
    ['a leap second', '2016-12-31T23:59:60.5Z', '2016-12-31T23:59:59.500Z'],
    ['white space around it', ' 2021-09-14T15:55:12Z\r\n', '2021-09-14T15:55:12.000Z'],
  ])('%s: %s', async (_, text, shown) => {
    const { body } = await post(text, `form ${text}`);
    expect(body.status).toBe('stored');
    const { body: found } = await server.query(ONE, { id: body.id });
    expect(found.data.event.occurredOn).toBe(shown);
    const document = (await storedData.events()).at(-1);
    const usual = document?.occurredOn.toISOString().replace('Z', '+00:00');
    expect(document?.occurredText ?? usual).toBe(text);
  });
});

test('the same instant in another notation is a duplicate, a more precise one is not', async () => {
  const { body: first } = await post('2021-09-14T15:55:12.642+00:00', 'same');
  for (const text of [
    '2021-09-14T15:55:12.642Z',
    '2021-09-14T15:55:12.642000+0000',
    '2021-09-14T17:55:12.642+02:00',
    '2021-09-14t15:55:12.642z',
  ]) {
    expect((await post(text, 'same')).body).toEqual({ ...first, status: 'duplicate' });
  }
  expect((await post('2021-09-14T15:55:12.6420001Z', 'same')).body.status).toBe('stored');
});

describe('any other text is refused and kept in quarantine', () => {
  test.each([
    ['no offset', '2021-09-14T15:55:12.642'],
    ['a date only', '2021-09-14'],
    ['30 February', '2021-02-30T00:00:00Z'],
    ['29 February of a common year', '2023-02-29T00:00:00Z'],
    ['the year 0', '0000-06-01T00:00:00Z'],
    ['a second of the next day as hour 24', '2021-09-14T24:00:01Z'],
    ['a leap second within a month', '2016-12-30T23:59:60Z'],
    ['an offset of a day', '2021-09-14T15:55:12+24:00'],
    ['a zone by name', '2021-09-14T15:55:12 Europe/Madrid'],
    ['a year of six digits', '+012021-09-14T15:55:12Z'],
    ['a form of RFC 5322', 'Tue, 14 Sep 2021 15:55:12 +0000'],
    ['nothing', ''],
    ['a number', 1631634912],
    ['null', null],
    ['an object', { $date: '2021-09-14T15:55:12Z' }],
  ])('%s', async (_, value) => {
    const before = await storedData.events();
    const { status, body } = await post(value, 'wrong');
    expect(status).toBe(422);
    expect(body).toMatchObject({
      type: 'urn:eventline:problem:invalid-envelope',
      detail: expect.stringMatching(/^occurred_on: expected /),
      quarantined: true,
    });
    expect(await storedData.events()).toEqual(before);
  });
});

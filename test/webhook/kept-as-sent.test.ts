import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';

const LIVE = 'subscription ($after: String) { events(after: $after) { id cursor payload } }';
const ONE = 'query ($id: ID!) { event(id: $id) { payload } }';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Payloads as JSON text, as JSON.stringify writes them. */
const payloads: Readonly<Record<string, string>> = {
  'an empty object': '{}',
  '__proto__ on two levels': '{"__proto__":{"admin":true},"list":[{"__proto__":null}]}',
  'names of Object.prototype':
    '{"constructor":{"prototype":{}},"toString":"x","hasOwnProperty":1,"valueOf":null}',
  'names that serialisers look for': '{"toJSON":"x","toBSON":{"a":1},"inspect":true}',
  'then, as a promise has': '{"then":"x","catch":1,"finally":2}',
  'then further down': '{"a":{"then":{"then":true}}}',
  'a length and numbers, as an array has': '{"0":"a","1":"b","length":2}',
  'operators of MongoDB': '{"$where":"1","$set":{"$inc":{"x":1}},"a":{"$gt":""}}',
  'parts of a DBRef': '{"$ref":"db.users","a":{"$id":1,"$db":"x"}}',
  'dotted keys': '{"a.b":{"c.d":1},".":2,"a..b":3}',
  'empty keys': '{"":{"":[{"":0}]}}',
  'keys of the log': '{"_id":"x","position":-1,"digest":"x","payload":{}}',
  'U+0000 in a text': '{"a":"x\\u0000y"}',
  'text of many scripts': '{"añ€😀":"\u202e\ufeff\u2028é","e\u0301":"\\u0001"}',
  'numbers to the edge of exactness':
    '{"n":[9007199254740991,-9007199254740991,4294967296,-2147483648,1.7976931348623157e+308,5e-324,0.1,1e+21]}',
  'text that looks like something else': '{"a":"2021-09-14T15:55:12Z","b":"123","c":"null","d":""}',
  'lists in lists': '{"a":[[],[[]],[null,[true,false]],{}]}',
  'sixty-four levels': `{"deep":${'['.repeat(62)}${']'.repeat(62)}}`,
  'a long text': `{"a":"${'x'.repeat(50_000)}"}`,
};

const body = (payload: string, second: number) =>
  `{"type":"new_thing","occurred_on":"2021-09-14T15:55:${10 + second}Z","payload":${payload}}`;

describe('an unknown payload is shown as sent', () => {
  test('live, in a replay, and in a query', async () => {
    const token = await server.token();
    const live = subscribeByWebSocket({ url: server.url, query: LIVE, token });
    await live.ready;
    const mark = await server.post('app_opened');
    const texts = Object.values(payloads);
    const answers = [];
    for (const [index, text] of texts.entries()) {
      answers.push(await server.postRaw(body(text, index)));
    }
    expect(answers.map(({ body }) => body.status)).toEqual(texts.map(() => 'stored'));

    const [first, ...events] = await live.until(texts.length + 1);
    expect(first.id).toBe(mark.body.id);
    expect(events.map(({ payload }) => JSON.stringify(payload))).toEqual(texts);

    const variables = { after: first.cursor };
    const replay = subscribeByWebSocket({ url: server.url, query: LIVE, variables, token });
    expect(await replay.until(texts.length)).toEqual(events);

    for (const [index, { body }] of answers.entries()) {
      const { body: found } = await server.query(ONE, { id: body.id });
      expect(JSON.stringify(found.data?.event.payload)).toBe(texts[index]);
    }
    await live.close();
    await replay.close();
  });

  test.each(Object.entries(payloads))('a redelivery is recognised: %s', async (_, text) => {
    const index = Object.values(payloads).indexOf(text);
    expect((await server.postRaw(body(text, index))).body.status).toBe('duplicate');
  });
});

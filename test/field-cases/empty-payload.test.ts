import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ONE = 'query ($id: ID!) { event(id: $id) { typeName payload } }';
const body = (type: string, payload: string | undefined) =>
  `{"type":"${type}","occurred_on":"2024-01-01T00:00:00Z"${payload === undefined ? '' : `,"payload":${payload}`}}`;

describe('an empty payload is an empty object, however the sender writes it', () => {
  test.each([
    ['an empty array, as PHP writes it', '[]'],
    ['null', 'null'],
    ['an empty text', '""'],
    ['no member', undefined],
  ])('%s', async (name, payload) => {
    const answer = await server.postRaw(body(name, payload));
    expect(answer).toMatchObject({ status: 200, body: { status: 'stored' } });
    const { body: found } = await server.query(ONE, { id: answer.body.id });
    expect(found.data.event).toEqual({ typeName: name, payload: {} });
    // One identity, so that a change of the sender's serializer doubles no event.
    const again = await server.postRaw(body(name, '{}'));
    expect(again.body).toMatchObject({ status: 'duplicate', id: answer.body.id });
  });
});

describe('a payload with content must be an object, since rights go by its keys', () => {
  test.each([['[{}]'], ['"{}"'], ['0'], ['false']])('%s', async (payload) => {
    const { status, body: problem } = await server.postRaw(body('something', payload));
    expect(status).toBe(422);
    expect(problem).toMatchObject({ quarantined: true });
    expect(problem.detail).toMatch(/^payload: expected an object, got /);
  });
});

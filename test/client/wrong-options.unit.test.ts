import { expect, test } from 'vitest';
import { createEventsClient } from '../../src/client/create-events-client.ts';
import { refusalOf } from '../../src/client/post-graphql.ts';

test('a transport that does not exist is refused', () => {
  const options = { url: 'http://127.0.0.1:1', token: 't', transport: 'ws' as 'sse' };
  expect(() => createEventsClient(options)).toThrow(
    'transport: expected auto, websocket, sse, got ws',
  );
});

test('an answer that has no such page asks for the URL', async () => {
  const { message } = await refusalOf(new Response('no', { status: 404 }));
  expect(message).toBe('The server answers 404. Is its URL right?');
  expect((await refusalOf(new Response('no', { status: 502 }))).message).toBe(
    'The server answers 502.',
  );
});

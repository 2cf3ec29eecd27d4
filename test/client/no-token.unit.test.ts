import { expect, test } from 'vitest';
import type { EventsClientOptions } from '../../src/client/create-events-client.ts';
import { connectClient } from './connect-client.ts';

test.each([
  ['no token at all', undefined, 'undefined'],
  ['an empty one', '', 'an empty one'],
  ['a function without one', () => undefined, 'undefined'],
  ['a function with an empty one', async () => '', 'an empty one'],
])('%s ends the loop with an error that says so', async (_, token, found) => {
  // Nothing is sent without a token.
  const options = { url: 'http://127.0.0.1:1', token } as EventsClientOptions;
  await expect(connectClient(options).subscribe().next()).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: `token: expected a text, got ${found}`,
  });
});

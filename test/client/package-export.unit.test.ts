import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { toEndpoint } from '../../src/client/to-endpoint.ts';

test('the package exports the client', async () => {
  const script = `
    const { createEventsClient, EventsClientError } = await import('eventline/client');
    const client = createEventsClient({ url: 'http://127.0.0.1:1', token: 'none', transport: 'sse' });
    console.log(client.state.status, new EventsClientError('FORBIDDEN', 'no').code);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { cwd: join(import.meta.dirname, '../..') },
  );
  expect(stdout.trim()).toBe('closed FORBIDDEN');
});

test.for([
  ['https://events.example.com', 'https://events.example.com/graphql'],
  ['https://events.example.com/', 'https://events.example.com/graphql'],
  ['https://example.com/eventline/', 'https://example.com/eventline/graphql'],
  ['http://127.0.0.1:4000/graphql', 'http://127.0.0.1:4000/graphql'],
  ['http://[::1]:4000/graphql/?a=b#c', 'http://[::1]:4000/graphql?a=b'],
])('%s becomes %s', ([url, endpoint]) => {
  expect(toEndpoint(url ?? '')).toBe(endpoint);
});

test.for(['nonsense', 'ftp://example.com', 'ws://example.com'])(
  '%s is not a server address',
  (url) => {
    expect(() => toEndpoint(url)).toThrow(TypeError);
  },
);

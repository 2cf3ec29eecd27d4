import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';

const LISTED = 'https://app.example';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ allowedOrigins: [LISTED] });
});
afterAll(() => server.close());

/** Returns the headers that a page of this origin may send, as a browser asks. */
async function allowed(origin: string, asked?: string) {
  const { status, headers } = await fetch(`${server.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      ...(asked !== undefined && { 'Access-Control-Request-Headers': asked }),
    },
  });
  expect(status).toBe(204);
  return headers.get('access-control-allow-headers')?.split(', ');
}

test.for([
  'apollographql-client-name,apollographql-client-version,authorization,content-type',
  'apollo-require-preflight,authorization',
  'authorization,baggage,content-type,sentry-trace,traceparent,tracestate',
  'b3,x-b3-traceid,x-datadog-trace-id,x-requested-with',
  'x-graphql-event-stream-token,last-event-id,x-my-own-header',
  'graphql-require-preflight,x-request-id',
  'authorization, content-type ,,x-a',
])('a listed origin may send %s', async (asked) => {
  expect(await allowed(LISTED, asked)).toEqual(asked.split(/[ ,]+/));
});

test.for([undefined, '', ' '])('an answer to the question %j names none', async (asked) => {
  expect(await allowed(LISTED, asked)).toBeUndefined();
});

test.for(['https://evil.example', 'null'])('%s may send none', async (origin) => {
  expect(await allowed(origin, 'authorization,traceparent')).toBeUndefined();
});

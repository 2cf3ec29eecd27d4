import { expect, onTestFinished, test, vi } from 'vitest';
import { postGraphql } from '../../src/client/post-graphql.ts';

/** Returns the message of a request that a browser reports as failed, without saying why. */
async function failureAt(endpoint: string, page?: string): Promise<string> {
  vi.stubGlobal('location', page === undefined ? undefined : new URL(page));
  onTestFinished(() => void vi.unstubAllGlobals());
  const fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  const request = { endpoint, token: 't', query: '{ head }', variables: {} };
  const { signal } = new AbortController();
  const failure = await postGraphql(fetch, request, 'application/json', signal).catch(
    (error: Error) => error,
  );
  return (failure as Error).message;
}

test('a page of another origin learns that the server may not allow it', async () => {
  const page = 'http://localhost:5173/app';
  expect(await failureAt('http://127.0.0.1:4000/graphql', page)).toBe(
    'No server answers, or it does not allow pages of http://localhost:5173 (ALLOWED_ORIGINS).',
  );
  expect(await failureAt('http://localhost:5173/graphql', page)).toBe('No server answers.');
  expect(await failureAt('/graphql', page)).toBe('No server answers.');
  expect(await failureAt('http://127.0.0.1:4000/graphql')).toBe('No server answers.');
});

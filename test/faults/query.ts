import { setTimeout as delay } from 'node:timers/promises';

const TIMEOUT_MS = 10_000;
const AGAIN_MS = 200;

/**
 * Returns the result of a GraphQL query, sent to one server after the other until one answers
 * without errors.
 *
 * @throws the signal's reason if it is aborted first
 */
export async function query<Data>(
  urls: readonly string[],
  {
    text,
    variables = {},
    token,
  }: { text: string; variables?: object; token: () => Promise<string> },
  signal: AbortSignal,
): Promise<Data> {
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${urls[attempt % urls.length]}/graphql`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${await token()}`,
        },
        body: JSON.stringify({ query: text, variables }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
      if (data && !errors) return data;
    } catch {
      // The next server may answer.
    }
    await delay(AGAIN_MS);
  }
}

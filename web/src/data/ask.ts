import { pauseFor } from '../../../src/client/abort.ts';
import { ConnectionLostError, toFailure } from '../../../src/client/connection-lost-error.ts';
import { EventsClientError } from '../../../src/client/events-client-error.ts';
import { postGraphql, refusalOf } from '../../../src/client/post-graphql.ts';
import { createRetry } from '../../../src/client/retry.ts';
import type { TypedDocumentString } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { type StreamState, toFailed } from './stream-state.ts';

/** An error of a single field. */
export interface FieldError {
  message: string;
  extensions?: { code?: string };
  path?: readonly (string | number)[];
}

export interface Answer<Result> {
  data: Result;
  errors: readonly FieldError[];
}

export interface QueryOptions {
  signal: AbortSignal;
  /** Called with what delays the answer. */
  onState?: (state: StreamState) => void;
}

/** Codes of errors after which the same query may succeed: the part that failed is not absent. */
const PASSING = new Set(['SERVICE_UNAVAILABLE', 'RATE_LIMITED']);
const ACCEPT = 'application/graphql-response+json, application/json';

/**
 * Runs a query and retries until there is an answer: across lost connections, across fields that the
 * server cannot answer at the moment, and across refused tokens after the next sign-in.
 *
 * @throws EventsClientError for an error that a retry cannot fix; the signal's reason when aborted
 */
export async function ask<Result, Variables extends Record<string, unknown>>(
  session: Session,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  { signal, onState }: QueryOptions,
): Promise<Answer<Result>> {
  const retry = createRetry({ firstMs: 250, longestMs: 1_500 }, 1);
  for (;;) {
    const token = await session.usable(signal);
    try {
      const request = { endpoint: session.endpoint, token, query: String(document), variables };
      return await queryOnce<Result>(session, request, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof EventsClientError && error.code === 'UNAUTHENTICATED') {
        session.refuse(token, error.message);
        onState?.({ status: 'signed-out' });
        continue;
      }
      const delayMs = delayOrThrow(error);
      onState?.({ status: 'waiting', delayMs, cause: error });
      await pauseFor(delayMs, signal);
    }
  }

  function delayOrThrow(error: unknown): number {
    try {
      return retry.delayAfter(error, false);
    } catch (final) {
      onState?.(toFailed(final));
      throw final;
    }
  }
}

async function queryOnce<Result>(
  session: Session,
  request: Parameters<typeof postGraphql>[1],
  signal: AbortSignal,
): Promise<Answer<Result>> {
  const fetch: typeof globalThis.fetch = (...args) => globalThis.fetch(...args);
  const response = await postGraphql(fetch, request, ACCEPT, signal);
  const serverMs = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(serverMs)) session.setClock(serverMs);
  if (!response.ok) throw await refusalOf(response);
  const { data, errors } = (await response.json()) as Partial<Answer<Result | null>>;
  if (data === undefined || data === null) {
    throw errors ? toFailure(errors) : new ConnectionLostError('lost', 'The answer has no data.');
  }
  const passing = errors?.filter(({ extensions }) => PASSING.has(extensions?.code ?? ''));
  if (passing?.length) throw toFailure(passing);
  return { data, errors: errors ?? [] };
}

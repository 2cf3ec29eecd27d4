import { postGraphql } from '../client/post-graphql.ts';
import { CommandError } from './command-error.ts';
import { NoAnswerError } from './post-delivery.ts';

/** Statuses of a server or proxy that is temporarily unavailable. */
const RETRYABLE_STATUS = new Set([502, 503, 504]);

/** Query for the head of the log. */
export const HEAD = '{ head }';

export interface GraphqlClient {
  /**
   * Runs a query.
   * @throws CommandError with the server's message; NoAnswerError when no server answers or it is
   * temporarily unavailable
   */
  ask<Data>(query: string, variables?: object): Promise<Data>;
}

/** Creates a client for GraphQL over HTTP, with a token or a function that returns one. */
export function createGraphqlClient(
  url: string,
  token: () => string | Promise<string>,
  signal: AbortSignal,
): GraphqlClient {
  return {
    async ask<Data>(query: string, variables = {}) {
      const request = { endpoint: `${url}/graphql`, token: await token(), query, variables };
      const response = await postGraphql(fetch, request, 'application/json', signal).catch(
        (error) => {
          signal.throwIfAborted();
          throw new NoAnswerError(
            `No server answers at ${url}. Start one with "eventline serve".`,
            { cause: error },
          );
        },
      );
      const body = (await response.json().catch(() => ({}))) as {
        data?: Data;
        errors?: { message: string }[];
      };
      const { data, errors } = body;
      if (errors?.length || data == null) {
        const Refusal = RETRYABLE_STATUS.has(response.status) ? NoAnswerError : CommandError;
        throw new Refusal(
          `The server at ${url} refuses to be read (${response.status}): ${errors?.[0]?.message ?? 'no GraphQL answer'}`,
        );
      }
      return data;
    },
  };
}

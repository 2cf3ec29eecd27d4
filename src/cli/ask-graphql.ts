import { postGraphql } from '../client/post-graphql.ts';
import { CommandError } from './command-error.ts';

/** Where the log ends. */
export const HEAD = '{ head }';

export interface Asker {
  /**
   * Runs a query.
   * @throws CommandError with what the server says, or when none answers
   */
  ask<Data>(query: string, variables?: object): Promise<Data>;
}

/** Makes what asks a server by GraphQL over HTTP, with a token or what gives one. */
export function createAsker(
  url: string,
  token: () => string | Promise<string>,
  signal: AbortSignal,
): Asker {
  return {
    async ask<Data>(query: string, variables = {}) {
      const request = { endpoint: `${url}/graphql`, token: await token(), query, variables };
      const response = await postGraphql(fetch, request, 'application/json', signal).catch(
        (error) => {
          signal.throwIfAborted();
          throw new CommandError(`No server answers at ${url}. Is it running?`, { cause: error });
        },
      );
      const body = (await response.json().catch(() => ({}))) as {
        data?: Data;
        errors?: { message: string }[];
      };
      const { data, errors } = body;
      if (errors?.length || data == null) {
        throw new CommandError(
          `The server at ${url} refuses to be read (${response.status}): ${errors?.[0]?.message ?? 'no GraphQL answer'}`,
        );
      }
      return data;
    },
  };
}

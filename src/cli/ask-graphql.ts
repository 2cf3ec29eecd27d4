import { z } from 'zod';
import type { JsonObject } from '../catalog/json.ts';
import { ConnectionLostError } from '../client/connection-lost-error.ts';
import { postGraphql } from '../client/post-graphql.ts';
import { readJson } from '../client/read-bounded.ts';
import { CommandError } from './command-error.ts';
import { NoAnswerError } from './post-delivery.ts';

/** Statuses of a server or proxy that is temporarily unavailable. */
const RETRYABLE_STATUS = new Set([502, 503, 504]);

/** A query and the shape of its `data`, since any program may answer. */
export interface Query<Data> {
  text: string;
  data: z.ZodType<Data>;
}

/** A cursor, which is a part of commands that are printed. */
export const cursor = z.string().regex(/^[\w-]+$/, 'expected a cursor');

/** Query for the head of the log. */
export const HEAD: Query<{ head: string }> = {
  text: '{ head }',
  data: z.object({ head: z.string() }),
};

/** Returns the shape of a page of events. */
export const pageOf = <Node>(node: z.ZodType<Node>) =>
  z.object({
    events: z.object({
      reached: cursor,
      edges: z.array(z.object({ node })),
      pageInfo: z.object({ hasNextPage: z.boolean() }),
    }),
  });

/** A JSON object of any members. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const errorsOf = z.object({
  errors: z.tuple([z.object({ message: z.string() })]).rest(z.unknown()),
});

export interface GraphqlClient {
  /**
   * Runs a query.
   * @throws CommandError with the server's message, or when the answer does not have the shape;
   * NoAnswerError when no server answers or it is temporarily unavailable
   */
  ask<Data>(query: Query<Data>, variables?: object): Promise<Data>;
}

/** Creates a client for GraphQL over HTTP, with a token or a function that returns one. */
export function createGraphqlClient(
  url: string,
  token: () => string | Promise<string>,
  signal: AbortSignal,
): GraphqlClient {
  return {
    async ask<Data>({ text: query, data: shape }: Query<Data>, variables = {}) {
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
      const body = await readJson(response).catch(faultOf);
      signal.throwIfAborted();
      const { data: answer } = z
        .object({ data: shape, errors: z.tuple([]).optional() })
        .safeParse(body);
      if (answer) return answer.data;
      const refusal = errorsOf.safeParse(body).data?.errors[0].message;
      const fault = typeof body === 'string' ? body : 'no GraphQL answer of Eventline';
      const Refusal = RETRYABLE_STATUS.has(response.status) ? NoAnswerError : CommandError;
      throw new Refusal(
        `The server at ${url} refuses to be read (${response.status}): ${refusal ?? fault}`,
      );
    },
  };
}

/** Returns why an answer cannot be read. */
function faultOf(error: unknown): string {
  return error instanceof ConnectionLostError ? error.message : 'no GraphQL answer';
}

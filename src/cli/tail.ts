import { setTimeout as wait } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { signToken } from '../auth/sign-token.ts';
import { scopes } from '../auth/viewer.ts';
import { definitionByName } from '../catalog/catalog.ts';
import { graphql } from '../client/generated/gql.ts';
import type { EventFilter, EventType, TailSubscription } from '../client/generated/graphql.ts';
import { CommandError } from './command-error.ts';
import { findJwtSecret, findServerUrl } from './find-server.ts';
import { line, type Terminal } from './terminal.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

const HEAD = graphql(/* GraphQL */ `
  query TailHead {
    head
  }
`);
const TAIL = graphql(/* GraphQL */ `
  subscription Tail($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) {
      id
      cursor
      typeName
      occurredOn
      receivedAt
      userId
      installationId
      payload
    }
  }
`);

type TailEvent = TailSubscription['events'];

export interface TailOptions {
  type: string[];
  user: string[];
  after?: string;
  url?: string;
  token?: string;
  json?: boolean;
}

/** Prints events as they come, until it is ended; goes on behind the last one after a loss. */
export async function tail(terminal: Terminal, options: TailOptions): Promise<void> {
  const config = terminal.config();
  const url = await findServerUrl(config, options.url);
  const bearer = async () => options.token ?? ownToken(await findJwtSecret(config));
  const filter = toFilter(options);
  const show = (event: TailEvent) =>
    line(terminal.out, options.json ? JSON.stringify(event) : describeEvent(event));

  let after = options.after ?? (await readHead(url, await bearer(), terminal.signal));
  line(terminal.err, `Following ${url}; Ctrl-C ends it.`);
  let pauseMs = FIRST_PAUSE_MS;
  while (!terminal.signal.aborted) {
    const client = connect(url, bearer);
    const stop = () => void client.dispose();
    terminal.signal.addEventListener('abort', stop, { once: true });
    try {
      const stream = client.iterate<TailSubscription>({
        query: TAIL.toString(),
        variables: { filter, after },
      });
      for await (const { data, errors } of stream) {
        if (errors?.[0]) throw new CommandError(errors[0].message);
        if (!data) continue;
        show(data.events);
        after = data.events.cursor;
        pauseMs = FIRST_PAUSE_MS;
      }
    } catch (error) {
      if (isFinal(error)) throw new CommandError(describeEnd(error));
    } finally {
      terminal.signal.removeEventListener('abort', stop);
      await client.dispose();
    }
    if (terminal.signal.aborted) return;
    line(terminal.err, 'The connection was lost; trying again …');
    await wait(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: terminal.signal }).catch(
      () => undefined,
    );
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function connect(url: string, bearer: () => Promise<string>): Client {
  return createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ Authorization: `Bearer ${await bearer()}` }),
    // A client that repeats the subscription by itself would repeat the same `after` too.
    retryAttempts: 0,
  });
}

function ownToken(secret: string): Promise<string> {
  return signToken(secret, { scope: `${scopes.readAll} ${scopes.personal}` }, '1h');
}

async function readHead(url: string, token: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: HEAD.toString() }),
    signal,
  }).catch(() => {
    throw new CommandError(`No server answers at ${url}. Is it running? Try npm start.`);
  });
  const { data, errors } = (await response.json()) as {
    data?: { head: string };
    errors?: { message: string }[];
  };
  if (data) return data.head;
  throw new CommandError(errors?.[0]?.message ?? `The server answers ${response.status}.`);
}

function toFilter({ type, user }: TailOptions): EventFilter {
  const types = type.map((name) => {
    const known = definitionByName.get(name)?.enumValue;
    if (known === undefined && name.toLowerCase() !== 'unknown') {
      throw new CommandError(
        `--type: there is no ${name}; there are ${[...definitionByName.keys(), 'unknown'].join(', ')}`,
      );
    }
    return (known ?? 'UNKNOWN') as EventType;
  });
  return {
    ...(types.length > 0 && { types }),
    ...(user.length > 0 && { userIds: user }),
  };
}

function describeEvent({ receivedAt, typeName, userId, payload }: TailEvent): string {
  const time = new Date(receivedAt).toISOString().slice(11, 23);
  return `${time}  ${typeName.padEnd(22)}  ${(userId ?? '-').padEnd(12)}  ${JSON.stringify(payload)}`;
}

/** What trying again would not mend: an error of GraphQL, or a token that is refused. */
function isFinal(error: unknown): boolean {
  if (error instanceof CommandError || Array.isArray(error)) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'number' && code >= 4_400 && code < 4_500;
}

function describeEnd(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (Array.isArray(error)) return String(error[0]?.message ?? 'The server refused.');
  return `The server refused: ${(error as { reason?: string }).reason ?? 'no reason given'}`;
}

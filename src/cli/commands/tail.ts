import { WebSocket } from 'ws';
import { toJsonLine } from '../../catalog/json-line.ts';
import { ConnectionLostError } from '../../client/connection-lost-error.ts';
import {
  createEventsClient,
  EventsClientError,
  type EventsClientState,
  type EventsDocument,
} from '../../client/create-events-client.ts';
import { CommandError } from '../command-error.ts';
import { createReaderToken, findMovedServer, findServerUrl } from '../find-server.ts';
import { line, printable, type Terminal } from '../terminal.ts';
import { toEventType } from '../to-event-type.ts';

const LONGEST_PAUSE_MS = 10_000;

interface TailedEvent {
  id: string;
  cursor: string;
  typeName: string;
  occurredOn: string;
  receivedAt: string;
  userId: string | null;
  installationId: string | null;
  payload: Record<string, unknown>;
}

/** The fields of a line, in its order; the format stays stable for programs that read the lines. */
export const TAIL: EventsDocument<TailedEvent> = `subscription Tail($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) {
    id cursor typeName occurredOn receivedAt userId installationId payload
  }
}`;

export interface TailOptions {
  type: string[];
  user: string[];
  after?: string;
  url?: string;
  token?: string;
  json?: boolean;
}

/** Prints live events until interrupted; resumes after the last one when the connection is lost. */
export async function tail(terminal: Terminal, options: TailOptions): Promise<void> {
  const { type, user, after, token } = options;
  const config = terminal.config();
  let url = await findServerUrl(config, options.url);
  const bearer = () => createReaderToken(config);
  // Reports a missing token now; later it would only be retried.
  if (token === undefined) await bearer();
  const types = type.map(toEventType);

  let following = false;
  let isLost = false;
  let failure: CommandError | undefined;
  const follow = () => {
    if (!following) line(terminal.err, `Following ${url}; Ctrl-C ends it.`);
    following = true;
  };
  const onState = (state: EventsClientState) => {
    if (state.status === 'live' || state.status === 'replaying') {
      follow();
      if (isLost) line(terminal.err, 'Connected again; resuming after the last event.');
      isLost = false;
    }
    if (state.status !== 'waiting') return;
    if (following) {
      // Each failed retry ends in this state again.
      if (!isLost) line(terminal.err, 'The connection was lost; trying again …');
      isLost = true;
      return;
    }
    failure = new CommandError(describeFailure(url, state.cause));
    client.close();
  };

  const locate = async () => {
    const found = await findMovedServer(config, url);
    if (found !== url) line(terminal.err, `The server is at ${found} now.`);
    url = found;
    return url;
  };

  // With a cursor to resume from, it waits for a server that is not running yet.
  if (after !== undefined) follow();
  const client = createEventsClient({
    url: options.url === undefined ? locate : url,
    token: token ?? bearer,
    webSocketImpl: WebSocket,
    backOff: { longestMs: LONGEST_PAUSE_MS },
    onState,
    signal: terminal.signal,
  });
  const events = client.subscribe({
    document: TAIL,
    ...(types.length > 0 && { types }),
    ...(user.length > 0 && { userIds: user }),
    after,
  });
  try {
    for await (const event of events) {
      line(terminal.out, options.json ? toJsonLine(JSON.stringify(event)) : describeEvent(event));
    }
  } catch (error) {
    if (error instanceof EventsClientError) throw new CommandError(error.message);
    throw error;
  }
  if (failure) throw failure;
}

function describeEvent({ receivedAt, typeName, userId, payload }: TailedEvent): string {
  const time = new Date(receivedAt).toISOString().slice(11, 23);
  const names = `${printable(typeName).padEnd(22)}  ${printable(userId ?? '-').padEnd(12)}`;
  return `${time}  ${names}  ${toJsonLine(JSON.stringify(payload))}`;
}

function describeFailure(url: string, cause: unknown): string {
  if (cause instanceof ConnectionLostError && cause.kind === 'unreachable') {
    return `No server answers at ${url}. Start one with "eventline serve".`;
  }
  return cause instanceof Error ? cause.message : 'The server cannot be followed.';
}

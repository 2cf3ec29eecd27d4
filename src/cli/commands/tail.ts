import { WebSocket } from 'ws';
import { z } from 'zod';
import { toJsonLine } from '../../catalog/json-line.ts';
import { ConnectionLostError } from '../../client/connection-lost-error.ts';
import {
  createEventsClient,
  EventsClientError,
  type EventsClientState,
  type EventsDocument,
} from '../../client/create-events-client.ts';
import { MAX_ANSWER_BYTES } from '../../client/read-bounded.ts';
import { jsonObject } from '../ask-graphql.ts';
import { CommandError } from '../command-error.ts';
import { createReaderToken, findMovedServer, findServerUrl } from '../find-server.ts';
import { line, printable, type Terminal } from '../terminal.ts';
import { toEventType } from '../to-event-type.ts';

const LONGEST_PAUSE_MS = 10_000;

/** A message is read as a whole, so that one without an end would fill the memory. */
class BoundedWebSocket extends WebSocket {
  constructor(url: string, protocol?: string) {
    super(url, protocol, { maxPayload: MAX_ANSWER_BYTES });
  }
}

/** The shape of an event, since any program may answer. */
const tailedEvent = z.object({
  id: z.string(),
  cursor: z.string(),
  typeName: z.string(),
  occurredOn: z.string(),
  receivedAt: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected an instant'),
  userId: z.string().nullable(),
  installationId: z.string().nullable(),
  payload: jsonObject,
});
type TailedEvent = z.infer<typeof tailedEvent>;

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
    webSocketImpl: BoundedWebSocket,
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
    for await (const given of events) {
      const event = readEvent(given, url);
      line(terminal.out, options.json ? toJsonLine(JSON.stringify(event)) : describeEvent(event));
    }
  } catch (error) {
    if (error instanceof EventsClientError) throw new CommandError(error.message);
    throw error;
  }
  if (failure) throw failure;
}

/** @throws CommandError that names the first member of a wrong type, without its value */
function readEvent(given: unknown, url: string): TailedEvent {
  const { data, error } = tailedEvent.safeParse(given);
  if (data) return data;
  const [{ path, message } = { path: [], message: '' }] = error.issues;
  throw new CommandError(
    `The server at ${url} sends what is no event of Eventline (${path.join('.')}: ${message}).`,
  );
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

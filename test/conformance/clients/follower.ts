/** The subscription of every client; `id` is there for Relay, as its compiler adds it. */
export const FOLLOW = `subscription Follow($after: String) {
  events(after: $after) {
    __typename
    id
    cursor
    userId
    payload
    ... on MalformedEvent { faults }
    ... on UserFirstLoggedIn { email }
  }
}`;

export interface ReceivedEvent {
  __typename?: string;
  cursor: string;
  userId: string | null;
  payload: object;
  faults?: string[];
  email?: string | null;
}

export interface FollowOptions {
  /** The GraphQL endpoint. */
  url: string;
  token: () => Promise<string>;
  after: string;
}

/** What an application gets from its client. */
export interface Follower {
  /** The events, as often as they were shown. */
  readonly events: ReceivedEvent[];
  /** Codes of the errors that were shown. */
  readonly errors: string[];
  /** How the client ended the subscription by itself, if so. */
  readonly end: 'complete' | 'error' | undefined;
}

/** Records what a client shows. */
export class Recorder implements Follower {
  readonly events: ReceivedEvent[] = [];
  readonly errors: string[] = [];
  end: Follower['end'];

  /** A result, or a client's form of it. */
  readonly next = (result: { data?: unknown; error?: unknown; errors?: unknown }): void => {
    const { events } = (result.data ?? {}) as { events?: ReceivedEvent | null };
    if (events) this.events.push(events);
    const error = result.errors ?? result.error;
    if (error) this.errors.push(...codesOf(error));
  };

  readonly error = (error: unknown): void => {
    this.errors.push(...codesOf(error));
    this.end ??= 'error';
  };

  readonly complete = (): void => {
    this.end ??= 'complete';
  };
}

/** Returns the codes in an error of any client: they wrap the server's errors differently. */
function codesOf(error: unknown): string[] {
  if (Array.isArray(error)) return error.flatMap(codesOf);
  const { code, extensions, errors, graphQLErrors, source } = Object(error);
  if (extensions?.code) return [String(extensions.code)];
  const wrapped = errors ?? graphQLErrors ?? source;
  const codes = wrapped ? codesOf(wrapped) : [];
  return codes.length > 0 ? codes : [String(code ?? error)];
}

/** What a subscription asks for when it connects, whatever the transport. */
export interface ConnectionRequest {
  /** The GraphQL endpoint, http or https. */
  endpoint: string;
  token: string;
  query: string;
  variables: Record<string, unknown>;
}

/**
 * One connection with one subscription on it. It never connects again by itself: what ended it is
 * thrown, an EventsClientError or a ConnectionLostError, and its owner decides.
 */
export interface Connection {
  /** Resolves when the server has taken the connection; rejects with what ended it before. */
  readonly opened: Promise<void>;
  /** The `data` of the next result. One call at a time. Rejects with what ended the connection. */
  next(): Promise<unknown>;
  /** Ends it at once; a `next` under way rejects. */
  close(): void;
}

/** A subscription request, whatever the transport. */
export interface ConnectionRequest {
  /** The GraphQL endpoint, http or https. */
  endpoint: string;
  token: string;
  query: string;
  variables: Record<string, unknown>;
}

/**
 * One connection with one subscription. It never reconnects: it throws an EventsClientError or a
 * ConnectionLostError, and its owner decides.
 */
export interface Connection {
  /**
   * Resolves when the server has accepted the connection; rejects with the error that ended it
   * before.
   */
  readonly opened: Promise<void>;
  /**
   * Returns the `data` of the next result. One call at a time. Rejects with the error that ended
   * the connection.
   */
  next(): Promise<unknown>;
  /** Closes the connection at once; a pending `next` rejects. */
  close(): void;
}

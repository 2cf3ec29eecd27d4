import type { Logger } from 'pino';
import type { Authenticate, AuthOptions } from '../auth/authenticate.ts';
import type { Limits } from '../config/limits.ts';
import type { Tracing } from '../observability/tracing/tracing.ts';
import type { PersistedOperations } from './graphql/persisted-operations.ts';
import type { LivePageOptions } from './pages/serve-live-page.ts';

export interface ServerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  mongodbUri: string;
  webhookSecrets: readonly string[];
  /** The largest delivery, in bytes. */
  webhookMaxBytes: number;
  auth: AuthOptions;
  allowedOrigins: readonly string[];
  /** False: no page. A token is filled in for browsers on this machine. */
  graphiql: false | { token?: string | undefined };
  /** The page at `/`; none unless given. */
  livePage?: false | LivePageOptions;
  /** How long a reader may take nothing of what waits for it before it is ended, in milliseconds. */
  stalledReaderMs: number;
  /** Those that are not given are the defaults. */
  limits?: Partial<Limits>;
  /** Queries and mutations over WebSocket too; true unless told otherwise. */
  webSocketQueries?: boolean;
  /** The only documents that run; without it any does. */
  persistedOperations?: PersistedOperations | undefined;
  /** Who reads, by something else than `auth`. */
  authenticate?: Authenticate;
  logger: Logger;
  /** Follows deliveries through the rooms; without it nothing is done for that. */
  tracing?: Tracing | undefined;
  /** False: no `/metrics`. Those of the process only one server of a process may have. */
  metrics?: false | { ofProcess: boolean };
  /** How long the feed may stand still, though there are events, before it is not ready, in ms. */
  maxLagMs?: number;
  /** Why the database is known to be away, if it is; the embedded one tells at once. */
  databaseFault?: () => string | undefined;
  /** How many deliveries may wait for the database at once; more get 503. */
  maxWaiting?: number;
  /** How many bytes of deliveries may be read or wait at once; more get 503. */
  maxUnderwayBytes?: number;
  /** How long a delivery may wait for a database that is away, in milliseconds. */
  timeoutMs?: number;
  /** How long events are kept, in milliseconds; undefined: for ever. */
  retentionMs?: number | undefined;
  /** How long an erasure waits until the others know of it, in milliseconds. */
  erasureAnnounceMs?: number | undefined;
}

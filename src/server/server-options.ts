import type { Logger } from 'pino';
import type { Authenticate, AuthOptions } from '../auth/authenticate.ts';
import type { Limits } from '../config/limits.ts';
import type { WebhookScheme } from '../config/webhook-scheme.ts';
import type { MetricsOptions } from '../observability/metrics/create-metrics.ts';
import type { Tracing } from '../observability/tracing/tracing.ts';
import type { PersistedOperations } from './graphql/persisted-operations.ts';
import type { LivePageOptions } from './pages/serve-live-page.ts';

export interface ServerOptions {
  /** The version of Eventline, for metrics and contracts. */
  version?: string;
  host: string;
  /** 0 selects any free port. */
  port: number;
  mongodbUri: string;
  /** True where no other instance can use this database, as with the embedded one. */
  isSole?: boolean | undefined;
  webhookSecrets: readonly string[];
  /** How deliveries are signed; `x-signature` by default. */
  webhookScheme?: WebhookScheme;
  /** Maximum size of a delivery, in bytes. */
  webhookMaxBytes: number;
  auth: AuthOptions;
  allowedOrigins: readonly string[];
  /** False: no GraphiQL. The token is filled in for browsers on this machine. */
  graphiql: false | { token?: (() => Promise<string>) | undefined };
  /** The live page at `/`; none by default. */
  livePage?: false | LivePageOptions;
  /**
   * How long a reader may leave all pending data unread before it is disconnected, in milliseconds.
   */
  stalledReaderMs: number;
  /** Limits; defaults for those not given. */
  limits?: Partial<Limits>;
  /** Allows queries and mutations over WebSocket; true by default. */
  webSocketQueries?: boolean;
  /** The only documents allowed; any document when absent. */
  persistedOperations?: PersistedOperations | undefined;
  /** Replaces the authentication by `auth`. */
  authenticate?: Authenticate;
  logger: Logger;
  /** Traces deliveries; no cost when absent. */
  tracing?: Tracing | undefined;
  /** False: no `/metrics`. */
  metrics?: false | MetricsOptions;
  /** A port for `/metrics` alone; 0 selects any free port. By default it is at the server's port. */
  metricsPort?: number | undefined;
  /** How long the feed may lag behind stored events before readiness fails, in milliseconds. */
  maxLagMs?: number;
  /**
   * The reason why the database is known to be unavailable; the embedded one reports it at once.
   */
  databaseFault?: () => string | undefined;
  /** Maximum deliveries that wait for the database; further ones get 503. */
  maxWaiting?: number;
  /** Memory budget of deliveries that are being read or wait, in bytes; 64 MiB by default. */
  maxUnderwayBytes?: number;
  /** Connections over the limit that the webhook and the health checks may use; 100 by default. */
  reservedConnections?: number;
  /** How long a delivery may wait for the database, and a list for its projections, in milliseconds. */
  timeoutMs?: number;
  /** How long the database may take when the server stops, in milliseconds; 10 s by default. */
  lastWordMs?: number;
  /** How long events are kept, in milliseconds; undefined: forever. */
  retentionMs?: number | undefined;
  /** How long an erasure waits until the other instances know of it, in milliseconds. */
  erasureAnnounceMs?: number | undefined;
}

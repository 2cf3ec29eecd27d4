import { type Config, readConfig, type SettingName } from './config.ts';
import { type LimitName, limitTable } from './limits.ts';
import { redactUri } from './redact-uri.ts';

/**
 * Description of a setting for documents and `eventline config`; config.ts defines its valid
 * values.
 */
export interface Setting {
  name: string;
  /** The default as the documents state it. */
  byDefault: string;
  meaning: string;
  /** The effective value as it would be written; undefined for none. It contains no secret. */
  effectiveValue: (config: Config) => string | undefined;
}

interface Description {
  /** Default for the documents, where the effective default does not express it. */
  byDefault?: string;
  meaning: string;
  effectiveValue: Setting['effectiveValue'];
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const onOrOff = (isOn: boolean) => (isOn ? 'on' : 'off');
const hidden = (count: number) => (count === 1 ? '(1, hidden)' : `(${count}, hidden)`);

/** Every setting of config.ts except limits; the compiler reports a missing one. */
const descriptions: Readonly<Record<SettingName, Description>> = {
  HOST: { meaning: 'where to listen', effectiveValue: ({ host }) => host },
  PORT: { meaning: 'the port; 0 takes any free one', effectiveValue: ({ port }) => String(port) },
  MONGODB_URI: {
    byDefault: 'embedded',
    meaning: 'MongoDB 6 or newer, a replica set',
    effectiveValue: ({ mongodbUri }) => mongodbUri && redactUri(mongodbUri),
  },
  EMBEDDED_MONGODB: {
    meaning: '`download` fetches MongoDB from its makers instead of using what is here',
    effectiveValue: ({ embeddedMongodb }) => embeddedMongodb,
  },
  DATA_DIR: {
    meaning: 'the embedded database and the development secrets',
    effectiveValue: ({ dataDir }) => dataDir,
  },
  WEBHOOK_SECRETS: {
    byDefault: 'made up',
    meaning: 'comma-separated; any of them is valid, so one can be changed without a loss',
    effectiveValue: ({ webhookSecrets }) => webhookSecrets && hidden(webhookSecrets.length),
  },
  WEBHOOK_MAX_BYTES: {
    meaning: 'the largest delivery; 2 MiB at most, since a document of MongoDB is bounded',
    effectiveValue: ({ webhookMaxBytes }) => String(webhookMaxBytes),
  },
  AUTH_JWT_SECRET: {
    byDefault: 'made up',
    meaning: 'signs tokens (HS256), 32 bytes or more',
    effectiveValue: ({ tokenKeys }) => (tokenKeys && 'secret' in tokenKeys ? hidden(1) : undefined),
  },
  AUTH_JWKS_URL: {
    meaning: 'instead: the keys of who signs tokens',
    effectiveValue: ({ tokenKeys }) =>
      tokenKeys && 'jwksUrl' in tokenKeys ? tokenKeys.jwksUrl.href : undefined,
  },
  AUTH_ISSUER: {
    meaning: 'what `iss` of a token must be; needed with `AUTH_JWKS_URL` in production',
    effectiveValue: ({ authIssuer }) => authIssuer,
  },
  AUTH_AUDIENCE: {
    meaning: 'what `aud` must be; needed with `AUTH_JWKS_URL` in production',
    effectiveValue: ({ authAudience }) => authAudience,
  },
  AUTH_USER_CLAIM: {
    meaning: 'the claim that names the user at the sender',
    effectiveValue: ({ authUserClaim }) => authUserClaim,
  },
  ALLOWED_ORIGINS: {
    byDefault: 'own',
    meaning: 'comma-separated origins of browsers, for CORS and WebSockets',
    effectiveValue: ({ allowedOrigins }) => allowedOrigins.join(',') || undefined,
  },
  RETENTION_DAYS: {
    byDefault: 'for ever',
    meaning: 'how long events are kept after they came in; fractions are taken, an hour at least',
    effectiveValue: ({ retentionMs }) =>
      retentionMs === undefined ? undefined : String(retentionMs / DAY_MS),
  },
  STALLED_READER_SECONDS: {
    meaning: 'how long a reader may take nothing of what waits for it before it is ended',
    effectiveValue: ({ stalledReaderSeconds }) => String(stalledReaderSeconds),
  },
  LIVE_PAGE: {
    byDefault: 'on; off in production and with a list of operations',
    meaning: 'the page at `/`',
    effectiveValue: ({ livePage }) => onOrOff(livePage),
  },
  GRAPHIQL: {
    byDefault: 'on; off in production and with a list of operations',
    meaning: 'the page at `/graphql`',
    effectiveValue: ({ graphiql }) => onOrOff(graphiql),
  },
  METRICS: { meaning: '`off`: no `/metrics`', effectiveValue: ({ metrics }) => onOrOff(metrics) },
  MAX_LAG_SECONDS: {
    meaning:
      'how long the feed may stand still, though there are events, before the server is not ready',
    effectiveValue: ({ maxLagSeconds }) => String(maxLagSeconds),
  },
  WEBSOCKET_QUERIES: {
    meaning: '`off`: over WebSocket subscriptions alone',
    effectiveValue: ({ webSocketQueries }) => onOrOff(webSocketQueries),
  },
  PERSISTED_OPERATIONS: {
    meaning: 'a file with the only documents that run, see below',
    effectiveValue: ({ persistedOperations }) => persistedOperations,
  },
  LOG_LEVEL: { meaning: '`fatal` … `trace`, `silent`', effectiveValue: ({ logLevel }) => logLevel },
  NODE_ENV: {
    meaning: '`production` refuses to start on anything made up',
    effectiveValue: ({ production }) => (production ? 'production' : undefined),
  },
};

const limitMeanings: Readonly<Record<LimitName, string>> = {
  maxGraphqlBytes: 'bytes of a GraphQL request',
  maxMessageBytes: 'bytes of a WebSocket message, in however many fragments',
  initTimeoutMs: 'time until `connection_init`',
  headersTimeoutMs: 'time for the headers of a request',
  requestTimeoutMs: 'time for a whole request',
  maxConnections: 'connections of all; 100 more are kept for the webhook and the health checks',
  maxConnectionsPerViewer: 'WebSockets and event streams of a viewer',
  maxOperationsPerSocket: 'operations at once on a WebSocket',
  maxSubscriptionsPerViewer: 'subscriptions of a viewer, on all connections',
  maxFilterValues: 'values in a list of a filter',
  maxPageSize: 'items of a page',
  replayEventsPerSecond:
    'events that all subscriptions together read from the log; more wait, none is refused',
  maxDepth: 'levels of a document; each fragment is one',
  maxAliases: 'aliases, those in fragments once for each spread',
  maxTokens: 'words and signs of a document',
  maxDirectives: 'directives, counted as aliases are',
  maxComplexity:
    'fields, those below a page once for each item of its size; one that walks events counts as 10, one that counts them as 1,000',
  maxBuckets: 'rows of a statistic; more are refused, never cut',
  statisticsTimeoutMs: 'time that the database may take for a statistic',
};

const withNothingSet = readConfig({});

/** The settings in the order of the documents; limits are in `limitSettings`. */
export const settings: readonly Setting[] = Object.entries(descriptions).map(
  ([name, { byDefault, meaning, effectiveValue }]) => ({
    ...{ name, meaning, effectiveValue },
    byDefault: byDefault ?? effectiveValue(withNothingSet) ?? '',
  }),
);

/** The limits (limits.ts) as settings. */
export const limitSettings: readonly Setting[] = (Object.keys(limitTable) as LimitName[]).map(
  (limit) => ({
    name: limitTable[limit].setting,
    byDefault: String(limitTable[limit].byDefault),
    meaning: limitMeanings[limit],
    effectiveValue: ({ limits }) => String(limits[limit]),
  }),
);

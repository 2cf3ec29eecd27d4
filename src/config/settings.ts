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
  HOST: { meaning: 'the address to listen on', effectiveValue: ({ host }) => host },
  PORT: { meaning: 'the port; 0 selects a free one', effectiveValue: ({ port }) => String(port) },
  MONGODB_URI: {
    byDefault: 'embedded',
    meaning: 'a MongoDB replica set, version 6 or newer',
    effectiveValue: ({ mongodbUri }) => mongodbUri && redactUri(mongodbUri),
  },
  MONGODB_URI_FILE: {
    meaning: 'a file that holds `MONGODB_URI`',
    effectiveValue: ({ secretFiles }) => secretFiles.MONGODB_URI,
  },
  EMBEDDED_MONGODB: {
    meaning: '`download` downloads MongoDB from its publisher instead of using a local program',
    effectiveValue: ({ embeddedMongodb }) => embeddedMongodb,
  },
  DATA_DIR: {
    meaning: 'the folder of the embedded database and the development secrets',
    effectiveValue: ({ dataDir }) => dataDir,
  },
  WEBHOOK_SECRETS: {
    byDefault: 'generated',
    meaning:
      'comma-separated; all are valid, so that a secret can be rotated without losing events',
    effectiveValue: ({ webhookSecrets }) => webhookSecrets && hidden(webhookSecrets.length),
  },
  WEBHOOK_SECRETS_FILE: {
    meaning: 'a file that holds the secrets, one per line',
    effectiveValue: ({ secretFiles }) => secretFiles.WEBHOOK_SECRETS,
  },
  WEBHOOK_SCHEME: {
    meaning:
      'how the sender signs: `x-signature`, or `standard-webhooks` with `whsec_` secrets and `whpk_` public keys',
    effectiveValue: ({ webhookScheme }) => webhookScheme,
  },
  WEBHOOK_MAX_BYTES: {
    meaning:
      'maximum bytes of a delivery; at most 2 MiB, since BSON can need 6.5 times the bytes of JSON, and a MongoDB document has at most 16 MB',
    effectiveValue: ({ webhookMaxBytes }) => String(webhookMaxBytes),
  },
  AUTH_JWT_SECRET: {
    byDefault: 'generated',
    meaning:
      'comma-separated secrets that sign tokens (HS256), at least 32 bytes each; all are valid, new tokens are signed with the first one',
    effectiveValue: ({ tokenKeys }) =>
      tokenKeys && 'secrets' in tokenKeys ? hidden(tokenKeys.secrets.length) : undefined,
  },
  AUTH_JWT_SECRET_FILE: {
    meaning: 'a file that holds the secrets, one per line',
    effectiveValue: ({ secretFiles }) => secretFiles.AUTH_JWT_SECRET,
  },
  AUTH_JWKS_URL: {
    meaning: "instead of `AUTH_JWT_SECRET`: the URL of the identity provider's JSON Web Key Set",
    effectiveValue: ({ tokenKeys }) =>
      tokenKeys && 'jwksUrl' in tokenKeys ? tokenKeys.jwksUrl.href : undefined,
  },
  AUTH_ISSUER: {
    meaning: 'the required `iss` of tokens; mandatory with `AUTH_JWKS_URL` in production',
    effectiveValue: ({ authIssuer }) => authIssuer,
  },
  AUTH_AUDIENCE: {
    meaning: 'the required `aud` of tokens; mandatory with `AUTH_JWKS_URL` in production',
    effectiveValue: ({ authAudience }) => authAudience,
  },
  AUTH_USER_CLAIM: {
    meaning: 'the claim that holds the user id at the sender',
    effectiveValue: ({ authUserClaim }) => authUserClaim,
  },
  OIDC_ISSUER: {
    meaning: 'an OpenID Connect provider where people sign in for the live page and GraphiQL',
    effectiveValue: ({ signIn }) => signIn?.issuer.href,
  },
  OIDC_CLIENT_ID: {
    meaning: 'the client that the provider knows Eventline as',
    effectiveValue: ({ signIn }) => signIn?.clientId,
  },
  OIDC_CLIENT_SECRET: {
    meaning: "the client's secret",
    effectiveValue: ({ signIn }) => signIn && hidden(1),
  },
  OIDC_CLIENT_SECRET_FILE: {
    meaning: 'a file that holds `OIDC_CLIENT_SECRET`',
    effectiveValue: ({ secretFiles }) => secretFiles.OIDC_CLIENT_SECRET,
  },
  OIDC_SCOPE_CLAIM: {
    byDefault: '`scope`, else `scp`',
    meaning: 'the claim of the ID token that lists the scopes of a person',
    effectiveValue: ({ signIn }) => signIn?.scopeClaim,
  },
  ALLOWED_ORIGINS: {
    byDefault: 'own',
    meaning: 'comma-separated origins whose pages may connect, by CORS and WebSocket',
    effectiveValue: ({ allowedOrigins }) => allowedOrigins.join(',') || undefined,
  },
  RETENTION_DAYS: {
    byDefault: 'forever',
    meaning:
      'days for which events are kept after reception; fractions are allowed, at least one hour',
    effectiveValue: ({ retentionMs }) =>
      retentionMs === undefined ? undefined : String(retentionMs / DAY_MS),
  },
  STALLED_READER_SECONDS: {
    meaning: 'seconds after which a client that reads no data is disconnected',
    effectiveValue: ({ stalledReaderSeconds }) => String(stalledReaderSeconds),
  },
  LIVE_PAGE: {
    byDefault: 'on; off in production and with `PERSISTED_OPERATIONS`',
    meaning: '`on` or `off`: the live page at `/`',
    effectiveValue: ({ livePage }) => onOrOff(livePage),
  },
  GRAPHIQL: {
    byDefault: 'on; off in production and with `PERSISTED_OPERATIONS`',
    meaning: '`on` or `off`: GraphiQL at `/graphql`',
    effectiveValue: ({ graphiql }) => onOrOff(graphiql),
  },
  METRICS: {
    meaning: '`on` or `off`: `/metrics`',
    effectiveValue: ({ metrics }) => onOrOff(metrics),
  },
  METRICS_PORT: {
    byDefault: "`PORT`'s",
    meaning: 'a port for `/metrics` alone, which the proxy does not expose; 0 selects a free one',
    effectiveValue: ({ metricsPort }) => metricsPort?.toString(),
  },
  MAX_LAG_SECONDS: {
    meaning: 'after this many seconds of lag behind the log, `/health/ready` answers 503',
    effectiveValue: ({ maxLagSeconds }) => String(maxLagSeconds),
  },
  WEBSOCKET_QUERIES: {
    meaning: '`off`: queries and mutations over WebSocket are refused; subscriptions still work',
    effectiveValue: ({ webSocketQueries }) => onOrOff(webSocketQueries),
  },
  PERSISTED_OPERATIONS: {
    meaning: 'a file that lists the only documents that may run',
    effectiveValue: ({ persistedOperations }) => persistedOperations,
  },
  LOG_LEVEL: {
    meaning: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
    effectiveValue: ({ logLevel }) => logLevel,
  },
  NODE_ENV: {
    meaning:
      'with `production`, the server does not start with generated secrets or the embedded database',
    effectiveValue: ({ production }) => (production ? 'production' : undefined),
  },
};

const limitMeanings: Readonly<Record<LimitName, string>> = {
  maxGraphqlBytes: 'bytes of a GraphQL request',
  maxMessageBytes: 'bytes of a WebSocket message, over all its fragments',
  initTimeoutMs: 'ms until `connection_init`',
  headersTimeoutMs: 'ms for the headers of a request',
  requestTimeoutMs: 'ms for a whole request',
  minBodyBytesPerSecond: 'bytes per second of a delivery body, over 5 s; slower ones get 408',
  maxConnections: 'connections in total; 100 more are reserved for the webhook and health checks',
  maxConnectionsPerViewer: 'WebSockets and SSE streams per viewer',
  maxOperationsPerSocket: 'concurrent operations per WebSocket',
  maxQueriesPerViewer:
    'concurrent queries and mutations per viewer, over HTTP and WebSocket together',
  maxSubscriptionsPerViewer:
    'subscriptions per viewer, over all connections; each counts once per 16 KiB of its request',
  maxFilterValues: 'values in one list of a filter; above 200 MongoDB sorts a page in memory',
  maxPageSize: 'items per page',
  maxPageBytes: 'bytes of memory of the items of a page; a page of larger items ends earlier',
  maxAnswerBytes: 'bytes of an answer; a larger one is refused',
  maxAnsweringBytes:
    'bytes of memory of all answers and replays that are being read or sent, half of it per viewer at most; further answers wait up to 10 s',
  replayEventsPerSecond:
    'events per second that all replays together read from the log; further ones wait',
  maxDepth: 'levels of a document; each fragment counts as one',
  maxAliases: 'aliases in a document; those of a fragment count once per spread',
  maxTokens: 'lexical tokens in a document',
  maxDirectives: 'directives in a document, counted like aliases',
  maxComplexity:
    'fields of a document; those below a page count once per item, a payload counts 5, a field that reads events 10, a statistic 1,000',
  maxBuckets: 'rows of a statistic; more are refused, never truncated',
  statisticsTimeoutMs: 'ms that the database may take for a statistic',
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

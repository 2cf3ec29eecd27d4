import { z } from 'zod';
import { type Limits, limitsOfSettings, limitTable } from './limits.ts';
import { findMisplacedSecrets } from './misplaced-secrets.ts';
import { missingInProduction } from './missing-in-production.ts';
import { findMisspelledSettings } from './misspelled-settings.ts';
import { type FileSetting, placeOf, readSecretFiles, splitSecrets } from './secret-files.ts';
import {
  type SignInSettings,
  signInFaults,
  signInSettings,
  signInVariables,
} from './sign-in-settings.ts';
import { MIN_SECRET_BYTES, readTokenKeys, type TokenKeys } from './token-keys.ts';
import { parseStandardKey, type WebhookScheme, webhookSchemes } from './webhook-scheme.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const DEFAULT_PORT = 4_000;

/** The configuration, read once from the environment at start. */
export interface Config {
  production: boolean;
  host: string;
  /** 0 selects any free port. */
  port: number;
  /** Undefined: the embedded database. */
  mongodbUri: string | undefined;
  embeddedMongodb: 'auto' | 'download';
  dataDir: string;
  /** Undefined: the development secrets stored in `dataDir`. */
  webhookSecrets: readonly string[] | undefined;
  webhookScheme: WebhookScheme;
  webhookMaxBytes: number;
  /** Undefined: the development secret stored in `dataDir`. */
  tokenKeys: TokenKeys | undefined;
  /** The files that settings were read from. */
  secretFiles: Readonly<Partial<Record<FileSetting, string>>>;
  authIssuer: string | undefined;
  authAudience: string | undefined;
  authUserClaim: string;
  /** Where people sign in for the pages; undefined: with a pasted token only. */
  signIn: SignInSettings | undefined;
  /** Browser origins allowed beside the server's own. */
  allowedOrigins: readonly string[];
  /** How long events are kept, in milliseconds; undefined: forever. */
  retentionMs: number | undefined;
  graphiql: boolean;
  /** Serves the live page at `/`. */
  livePage: boolean;
  /** Serves `/metrics` for Prometheus. */
  metrics: boolean;
  /** Undefined: `/metrics` is served at `port`. */
  metricsPort: number | undefined;
  /** How long the feed may lag behind stored events before readiness fails. */
  maxLagSeconds: number;
  /** How long a reader may leave pending data unread. */
  stalledReaderSeconds: number;
  /** Allows queries and mutations over WebSocket, beside subscriptions. */
  webSocketQueries: boolean;
  /** A file with the only documents allowed; undefined: any document. */
  persistedOperations: string | undefined;
  limits: Limits;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** Reports all faults of the environment in one message, one per line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(faults: readonly string[]) {
    const lines = [...new Set(faults)].map((fault) => `  ${fault}`);
    super(`The configuration is not right:\n${lines.join('\n')}`);
  }
}

const truth = z.enum(['true', 'false', '1', '0', 'on', 'off', 'yes', 'no']);
const isTrue = (value: z.infer<typeof truth>) => ['true', '1', 'on', 'yes'].includes(value);
const wholeNumber = (low: number, high: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high, {
      error: `expected a whole number from ${low} to ${high}`,
    })
    .transform(Number);
const NO_STANDARD_KEY =
  'with WEBHOOK_SCHEME=standard-webhooks, a secret is whsec_ and the base64 of 16 bytes or more, or whpk_ and that of a public key';
const secretList = z.array(
  z.string().min(8, { error: 'a secret needs 8 characters or more (the sender uses 16 to 32)' }),
);
const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'expected origins such as https://app.example, separated by commas',
});

const variables = {
  HOST: z.string(),
  PORT: wholeNumber(0, 65_535),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/[^/?]+/, 'expected mongodb://… or mongodb+srv://…'),
  MONGODB_URI_FILE: z.string(),
  EMBEDDED_MONGODB: z.enum(['auto', 'download']),
  DATA_DIR: z.string(),
  WEBHOOK_SECRETS: secretList,
  WEBHOOK_SECRETS_FILE: z.string(),
  WEBHOOK_SCHEME: z.enum(webhookSchemes),
  // BSON may need 6.5 times the bytes of its JSON ([1,1,1…]), and a document holds 16 MB.
  WEBHOOK_MAX_BYTES: wholeNumber(1, 2 * 1024 * 1024),
  AUTH_JWT_SECRET: z.array(
    z.string().refine((text) => Buffer.byteLength(text) >= MIN_SECRET_BYTES, {
      error: `needs ${MIN_SECRET_BYTES} bytes or more (RFC 7518, 3.2)`,
    }),
  ),
  AUTH_JWT_SECRET_FILE: z.string(),
  AUTH_JWKS_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    // `fetch` refuses credentials in a URL and would quote them in its error.
    .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), {
      error: 'is fetched without a user and a password; leave them out',
    }),
  AUTH_ISSUER: z.string(),
  AUTH_AUDIENCE: z.string(),
  AUTH_USER_CLAIM: z.string(),
  ...signInVariables,
  ALLOWED_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(origin)),
  RETENTION_DAYS: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'expected a number of days, such as 90 or 0.5')
    .transform(Number)
    // An instance that was away for minutes must not miss events before they are removed.
    .refine((days) => days >= 1 / 24 && days <= 36_500, 'expected 0.042 (an hour) to 36500 days'),
  GRAPHIQL: truth.transform(isTrue),
  LIVE_PAGE: truth.transform(isTrue),
  METRICS: truth.transform(isTrue),
  METRICS_PORT: wholeNumber(0, 65_535),
  MAX_LAG_SECONDS: wholeNumber(1, 3_600),
  STALLED_READER_SECONDS: wholeNumber(1, 86_400),
  WEBSOCKET_QUERIES: truth.transform(isTrue),
  PERSISTED_OPERATIONS: z.string(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  // A misspelled value would silently start a development server.
  NODE_ENV: z.string().refine((text) => text === 'production' || !/^prod/i.test(text), {
    error: 'expected production, written like this, or another word for development',
  }),
};

const limitVariables = Object.fromEntries(
  Object.values(limitTable).map(({ setting, least, most }) => [setting, wholeNumber(least, most)]),
);
const allVariables = { ...limitVariables, ...variables };

/** Settings other than limits; their descriptions are in settings.ts. */
export type SettingName = keyof typeof variables;

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(allVariables);

/** An empty value counts as unset: `.env` and compose files often contain one. */
const environment = z.object(
  Object.fromEntries(
    Object.entries(allVariables).map(([name, schema]) => [name, schema.optional()]),
  ),
) as z.ZodType<{ [K in keyof typeof variables]?: z.output<(typeof variables)[K]> }>;

/**
 * Reads the configuration.
 * @throws ConfigError with all faults at once; it quotes no value, since some are secrets
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const files = readSecretFiles(env);
  const given: Record<string, string | undefined> = Object.fromEntries(
    settingNames.flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])),
  );
  const listOf = (name: FileSetting) =>
    files.lines[name]?.map(({ text }) => text) ?? splitSecrets(given[name]);
  const secrets = listOf('WEBHOOK_SECRETS');
  const tokenSecrets = listOf('AUTH_JWT_SECRET');
  for (const [name, [line]] of Object.entries(files.lines)) given[name] = line?.text;
  const result = environment.safeParse({
    ...given,
    ...(secrets && { WEBHOOK_SECRETS: secrets }),
    ...(tokenSecrets && { AUTH_JWT_SECRET: tokenSecrets }),
  });
  const faults = [...files.faults];
  if (!result.success) {
    for (const { path, message } of result.error.issues) {
      const [name, index] = path as [string, number?];
      faults.push(`${placeOf(name, files, index)}: ${message}`);
    }
  }
  faults.push(...findMisplacedSecrets(given, files), ...findMisspelledSettings(env, settingNames));
  const production = given.NODE_ENV === 'production';
  if (given.AUTH_JWT_SECRET && given.AUTH_JWKS_URL) {
    faults.push('AUTH_JWT_SECRET, AUTH_JWKS_URL: give one of them, not both');
  }
  faults.push(...signInFaults(given));
  if (given.WEBHOOK_SCHEME === 'standard-webhooks' && result.success) {
    for (const [index, secret] of secrets?.entries() ?? []) {
      if (parseStandardKey(secret)) continue;
      faults.push(`${placeOf('WEBHOOK_SECRETS', files, index)}: ${NO_STANDARD_KEY}`);
    }
  }
  const limits = limitsOfSettings(result.success ? (result.data as Record<string, never>) : {});
  if (limits.headersTimeoutMs > limits.requestTimeoutMs) {
    faults.push(
      'HTTP_HEADERS_TIMEOUT_MS: must not be more than HTTP_REQUEST_TIMEOUT_MS, which counts the headers too',
    );
  }
  if (result.success) {
    const { PORT = DEFAULT_PORT, METRICS_PORT } = result.data;
    if (METRICS_PORT && METRICS_PORT === PORT) {
      faults.push('METRICS_PORT: must be another port than PORT');
    }
  }
  if (production) faults.push(...missingInProduction({ ...files.paths, ...given }));
  if (!result.success || faults.length > 0) throw new ConfigError(faults);

  const values = result.data;
  return {
    production,
    host: values.HOST ?? '127.0.0.1',
    port: values.PORT ?? DEFAULT_PORT,
    mongodbUri: values.MONGODB_URI,
    embeddedMongodb: values.EMBEDDED_MONGODB ?? 'auto',
    dataDir: values.DATA_DIR ?? '.eventline',
    webhookSecrets: values.WEBHOOK_SECRETS,
    webhookScheme: values.WEBHOOK_SCHEME ?? 'x-signature',
    webhookMaxBytes: values.WEBHOOK_MAX_BYTES ?? 1024 * 1024,
    tokenKeys: readTokenKeys(values.AUTH_JWT_SECRET, values.AUTH_JWKS_URL),
    secretFiles: files.paths,
    authIssuer: values.AUTH_ISSUER,
    authAudience: values.AUTH_AUDIENCE,
    authUserClaim: values.AUTH_USER_CLAIM ?? 'sub',
    signIn: signInSettings(values),
    allowedOrigins: values.ALLOWED_ORIGINS ?? [],
    retentionMs: values.RETENTION_DAYS === undefined ? undefined : values.RETENTION_DAYS * DAY_MS,
    stalledReaderSeconds: values.STALLED_READER_SECONDS ?? 60,
    // GraphiQL sends documents that the list does not contain.
    graphiql: values.GRAPHIQL ?? !(production || values.PERSISTED_OPERATIONS),
    livePage: values.LIVE_PAGE ?? !(production || values.PERSISTED_OPERATIONS),
    metrics: values.METRICS ?? true,
    metricsPort: values.METRICS_PORT,
    maxLagSeconds: values.MAX_LAG_SECONDS ?? 10,
    webSocketQueries: values.WEBSOCKET_QUERIES ?? true,
    persistedOperations: values.PERSISTED_OPERATIONS,
    limits,
    logLevel: values.LOG_LEVEL ?? 'info',
  };
}

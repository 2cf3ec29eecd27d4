import type { Config } from '../../config/config.ts';
import { toSchemeSecret } from '../../config/webhook-scheme.ts';
import { type DirectoryLock, lockDirectory } from '../../embedded/lock-directory.ts';
import { type EmbeddedDatabase, startEmbedded } from '../../embedded/start-embedded.ts';
import { createLogger } from '../../observability/create-logger.ts';
import type { Tracing } from '../../observability/tracing/tracing.ts';
import {
  readTracingOptions,
  type TracingOptions,
} from '../../observability/tracing/tracing-options.ts';
import { readPersistedOperations } from '../../server/graphql/read-persisted-operations.ts';
import type { EventlineServer } from '../../server/http/create-http-server.ts';
import type { ServerOptions } from '../../server/server-options.ts';
import { startServer } from '../../server/start-server.ts';
import { CommandError } from '../command-error.ts';
import { createDevelopmentToken, ensureDevelopmentSecrets } from '../development-secrets.ts';
import { LIVE_PAGE } from '../live-page.ts';
import { line, type Terminal } from '../terminal.ts';
import { supportsColours } from '../wants-colours.ts';
import { welcome } from '../welcome.ts';

/**
 * Runs the server until it is stopped; resolves after a graceful shutdown.
 *
 * @throws errors of the start; CommandError when the embedded database keeps exiting
 */
export async function serve(terminal: Terminal, version: string): Promise<void> {
  const config = terminal.config();
  const isTerminal = (terminal.err as NodeJS.WriteStream).isTTY === true;
  const logger = createLogger({
    level: config.logLevel,
    pretty: isTerminal,
    colours: supportsColours(terminal.env, terminal.err),
    destination: terminal.err,
  });
  // Before the database starts: an invalid list ends the start at once.
  const persistedOperations =
    config.persistedOperations === undefined
      ? undefined
      : await readPersistedOperations(config.persistedOperations);
  const tracingOptions = readTracingOptions(terminal.env);
  // Without a terminal, standard error has JSON lines only.
  const report = (text: string) => (isTerminal ? line(terminal.err, text) : logger.info(text));
  // Started parts, closed in reverse order, also after a failed start.
  const cleanups: (() => Promise<void>)[] = [];
  const hardStop = new AbortController();
  let databaseFault: string | undefined;

  try {
    let lock: DirectoryLock | undefined;
    let database: EmbeddedDatabase | undefined;
    if (config.mongodbUri === undefined) {
      lock = await withDirectoryErrors(config.dataDir, lockDirectory(config.dataDir));
      cleanups.push(lock.release);
      database = await startEmbedded({
        dataDir: config.dataDir,
        choice: config.embeddedMongodb,
        env: terminal.env,
        progress: report,
        onDown(reason) {
          databaseFault = `the embedded database is down: ${reason}`;
          logger.error({ reason }, 'the embedded database is down; starting it again');
        },
        onUp() {
          databaseFault = undefined;
          logger.info('the embedded database is up again');
        },
        onGaveUp(error) {
          databaseFault = error.message;
          hardStop.abort(new CommandError(error.message));
        },
      });
      cleanups.push(database.close);
      terminal.onForcedEnd(database.kill);
    }
    const secrets = await withDirectoryErrors(config.dataDir, readSecrets(config));

    const tracing = tracingOptions && (await startTracing(tracingOptions));
    if (tracing) cleanups.push(tracing.close);

    const server = await listen(config, {
      host: config.host,
      port: config.port,
      mongodbUri: config.mongodbUri ?? database?.uri ?? '',
      isSole: database !== undefined,
      webhookSecrets: secrets.webhookSecrets,
      webhookScheme: config.webhookScheme,
      webhookMaxBytes: config.webhookMaxBytes,
      auth: {
        keys: secrets.tokenKeys,
        issuer: config.authIssuer,
        audience: config.authAudience,
        userClaim: config.authUserClaim,
        signIn: config.signIn,
      },
      allowedOrigins: config.allowedOrigins,
      graphiql: config.graphiql && { token: secrets.pageToken },
      livePage: config.livePage && { directory: LIVE_PAGE, token: secrets.pageToken },
      retentionMs: config.retentionMs,
      stalledReaderMs: config.stalledReaderSeconds * 1_000,
      webSocketQueries: config.webSocketQueries,
      persistedOperations,
      limits: config.limits,
      version,
      metrics: config.metrics && { ofProcess: true },
      metricsPort: config.metricsPort,
      maxLagMs: config.maxLagSeconds * 1_000,
      logger,
      tracing,
      databaseFault: () => databaseFault,
    });
    cleanups.push(server.close);
    await lock?.update({ url: server.url });

    const label = database?.label ?? 'MongoDB';
    const { url, metricsPort } = server;
    if (!isTerminal) logger.info({ version, url, metricsPort, database: label }, 'started');
    // The line above says the same to log collectors.
    if (isTerminal || !config.production) {
      welcome(terminal, { config, url, metricsPort, label, created: secrets.created });
    }
    await aborted(terminal.signal, hardStop.signal);
    if (!hardStop.signal.aborted) report('Stopping: storing pending deliveries first …');
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
  if (hardStop.signal.aborted) throw hardStop.signal.reason;
  report('Stopped.');
}

/** Loaded on demand, since it is large. */
async function startTracing(options: TracingOptions): Promise<Tracing> {
  return (await import('../../observability/tracing/start-tracing.ts')).startTracing(options);
}

/** Returns the configured secrets, and generated ones for those not set (development only). */
async function readSecrets(config: Config) {
  const { webhookSecrets, webhookScheme, tokenKeys, dataDir } = config;
  if (webhookSecrets && tokenKeys) {
    return { webhookSecrets, tokenKeys, pageToken: undefined, created: undefined };
  }
  const made = await ensureDevelopmentSecrets(dataDir);
  const madeSecret = toSchemeSecret(webhookScheme, made.webhookSecret);
  return {
    webhookSecrets: webhookSecrets ?? [madeSecret],
    tokenKeys: tokenKeys ?? { secrets: [made.jwtSecret] },
    pageToken: tokenKeys ? undefined : createDevelopmentToken(made),
    created: made.created
      ? {
          webhookSecret: webhookSecrets ? undefined : madeSecret,
          token: tokenKeys ? undefined : made.token,
        }
      : undefined,
  };
}

/** Awaits an action on the data directory; maps its file system errors to one that names it. */
async function withDirectoryErrors<T>(dataDir: string, action: Promise<T>): Promise<T> {
  return action.catch((error) => {
    const { code, path } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    throw new CommandError(
      `DATA_DIR ${dataDir} cannot be used (${code}${path ? `, ${path}` : ''}). Set it to a writable directory.`,
    );
  });
}

async function listen(config: Config, options: ServerOptions): Promise<EventlineServer> {
  try {
    return await startServer(options);
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    const setting = port !== undefined && port === config.metricsPort ? 'METRICS_PORT' : 'PORT';
    const address = `${config.host}:${port ?? config.port}`;
    if (code === 'EADDRINUSE') {
      throw new CommandError(
        `${address} is in use by another program. Set ${setting} to another port, or to 0 for any free port.`,
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new CommandError(`Cannot listen on ${address} (${code}). Check HOST and ${setting}.`);
    }
    throw error;
  }
}

function aborted(...signals: AbortSignal[]): Promise<void> {
  const any = AbortSignal.any(signals);
  return new Promise((resolve) => {
    if (any.aborted) resolve();
    // The sockets keep the process alive; this promise only waits.
    else any.addEventListener('abort', () => resolve(), { once: true });
  });
}

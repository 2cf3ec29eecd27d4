import { toJsonLine } from '../../catalog/json-line.ts';
import type { Config } from '../../config/config.ts';
import type { Finding } from '../../config/finding.ts';
import { readTracingOptions } from '../../observability/tracing/tracing-options.ts';
import { readPersistedOperations } from '../../server/graphql/read-persisted-operations.ts';
import { inspectDatabase } from '../../storage/inspect-database.ts';
import { CommandError } from '../command-error.ts';
import { type OpenDatabase, openDatabase } from '../open-database.ts';
import { table } from '../table.ts';
import { line, type Terminal } from '../terminal.ts';
import { inspectMetricsPort, inspectPort } from './doctor/inspect-port.ts';
import { inspectSecretFiles } from './doctor/inspect-secret-files.ts';
import { inspectSecrets } from './doctor/inspect-secrets.ts';
import { inspectSignIn } from './doctor/inspect-sign-in.ts';
import { inspectTokens } from './doctor/inspect-tokens.ts';

/**
 * Checks the whole setup and says what to do; changes nothing.
 *
 * @throws ConfigError when the configuration is invalid, CommandError when a check failed
 */
export async function doctor(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const config = terminal.config();
  await readNamedFiles(terminal, config);
  const findings = [
    configuration(config),
    ...inspectSecretFiles(config),
    ...inspectSecrets(config),
    ...(await inspectTokens(config)),
    ...(await inspectSignIn(config)),
    await inspectPort(config),
    ...(await inspectMetricsPort(config)),
    ...(await database(terminal)),
  ];
  if (json) line(terminal.out, toJsonLine(JSON.stringify(findings, null, 2)));
  else for (const text of toLines(findings)) line(terminal.out, text);
  const failed = findings.filter(({ level }) => level === 'fail').map(({ check }) => check);
  if (failed.length > 0) throw new CommandError(`failed: ${failed.join(', ')}`);
}

/**
 * Reads the files that settings name, as the server does at its start. @throws ConfigError as it
 * would
 */
async function readNamedFiles({ env }: Terminal, { persistedOperations }: Config): Promise<void> {
  readTracingOptions(env);
  if (persistedOperations !== undefined) await readPersistedOperations(persistedOperations);
}

function configuration({ production }: Config): Finding {
  const check = 'configuration';
  if (production) return { check, level: 'ok', says: 'valid, for production' };
  const todo = 'Set NODE_ENV=production in production: the server then refuses generated secrets.';
  return { check, level: 'warn', says: 'valid, for development', todo };
}

async function database(terminal: Terminal): Promise<Finding[]> {
  const check = 'database';
  const embedded: Finding[] =
    terminal.config().mongodbUri === undefined
      ? [
          {
            check,
            level: 'warn',
            says: 'the embedded one, which is for development',
            todo: 'Set MONGODB_URI to a replica set for anything else.',
          },
        ]
      : [];
  let opened: OpenDatabase;
  try {
    opened = await openDatabase(terminal);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // Without a first start of the server there is no database to inspect.
    return [...embedded, { check, level: 'warn', says: error.message }];
  }
  try {
    return [...embedded, ...(await inspectDatabase(opened.uri))];
  } finally {
    await opened.close();
  }
}

function toLines(findings: readonly Finding[]): string[] {
  const lines = table(findings.map(({ level, check, says }) => [level, check, says]));
  return findings.flatMap(({ todo }, index) => [
    lines[index] ?? '',
    ...(todo ? [`      → ${todo}`] : []),
  ]);
}

import { randomBytes } from 'node:crypto';
import { signToken } from '../../src/auth/sign-token.ts';
import { type Relay, startRelay } from '../utils/relay.ts';
import { type DatabaseProcess, startDatabaseProcess } from './database-process.ts';
import type { Findings } from './findings.ts';
import type { Run } from './run-directory.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** A server with network relays in front of it and between it and the database. */
export interface Node {
  readonly server: ServerProcess;
  /** The URL for clients, through `clientWay`. */
  readonly url: string;
  readonly clientWay: Relay;
  readonly databaseWay: Relay;
}

export interface Cluster {
  readonly database: DatabaseProcess;
  readonly nodes: readonly Node[];
  readonly webhookSecret: string;
  /** Signs a token of a user or with a scope. */
  token(claims: { user?: string; scope?: string; expires?: string }): Promise<string>;
}

/** Short, so that tokens expire during a long run; longer than any fault. */
const TOKEN_EXPIRES = '60s';

/** Starts the database, and servers on it one after the other. */
export async function startCluster(
  run: Run,
  findings: Findings,
  { servers, env = {} }: { servers: number; env?: Record<string, string> },
): Promise<Cluster> {
  const webhookSecret = randomBytes(12).toString('hex');
  const jwtSecret = randomBytes(24).toString('hex');
  const database = await startDatabaseProcess(run, findings);
  const nodes: Node[] = [];
  for (let number = 1; number <= servers; number++) {
    const databaseWay = await startRelay({ target: targetOf(database.uri) });
    run.onEnd(databaseWay.close);
    const mongodbUri = new URL(database.uri);
    mongodbUri.port = String(databaseWay.port);
    const server = await startServerProcess(
      run,
      { name: `server-${number}`, mongodbUri: mongodbUri.href, webhookSecret, jwtSecret, env },
      findings,
    );
    const clientWay = await startRelay({ target: targetOf(server.url) });
    run.onEnd(clientWay.close);
    nodes.push({ server, url: `http://127.0.0.1:${clientWay.port}`, clientWay, databaseWay });
  }
  return {
    database,
    nodes,
    webhookSecret,
    token: ({ expires = TOKEN_EXPIRES, ...claims }) => signToken(jwtSecret, claims, expires),
  };
}

function targetOf(address: string): { hostname: string; port: number } {
  const { hostname, port } = new URL(address);
  return { hostname, port: Number(port) };
}

import { createServer } from 'node:net';
import { z } from 'zod';
import { readJson } from '../../../client/read-bounded.ts';
import type { Config } from '../../../config/config.ts';
import type { Finding } from '../../../config/finding.ts';

const TIMEOUT_MS = 2_000;
/** Another program may answer without an end. */
const MAX_BYTES = 64 * 1024;
const readiness = z.object({ status: z.string(), reason: z.string().optional() });

/** Checks whether the port is free, and which program listens on it if it is not. */
export async function inspectPort({ host, port }: Config): Promise<Finding> {
  const check = 'port';
  const address = `${host}:${port}`;
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return { check, level: 'ok', says: `${address} is free` };
  if (code !== 'EADDRINUSE') {
    return {
      check,
      level: 'fail',
      says: `cannot listen on ${address} (${code})`,
      todo: 'Check HOST and PORT.',
    };
  }
  const health = await readHealth(host, port);
  if (health === 'ready')
    return { check, level: 'ok', says: `an Eventline server on ${address} is ready` };
  if (health !== undefined) {
    const todo = 'See the log of that server and the other findings.';
    return {
      check,
      level: 'warn',
      says: `an Eventline server on ${address} is not ready: ${health}`,
      todo,
    };
  }
  const says = `another program listens on ${address}`;
  return {
    check,
    level: 'fail',
    says,
    todo: 'Set PORT to another port, or to 0 for any free port.',
  };
}

/** Returns `ready`, or the reason why not; undefined if no Eventline server answers. */
async function readHealth(host: string, port: number): Promise<string | undefined> {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}/health/ready`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { status, reason } = readiness.parse(await readJson(response, MAX_BYTES));
    if (status === 'ready') return status;
    return status === 'not ready' ? String(reason) : undefined;
  } catch {
    return undefined;
  }
}

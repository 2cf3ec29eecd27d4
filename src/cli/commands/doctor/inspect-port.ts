import { createServer } from 'node:net';
import { z } from 'zod';
import { readBytes, readJson } from '../../../client/read-bounded.ts';
import type { Config } from '../../../config/config.ts';
import type { Finding } from '../../../config/finding.ts';

const TIMEOUT_MS = 2_000;
/** Another program may answer without an end. */
const MAX_BYTES = 1024 * 1024;
const readiness = z.object({ status: z.string(), reason: z.string().optional() });

/** Checks whether the port is free, and which program listens on it if it is not. */
export async function inspectPort({ host, port }: Config): Promise<Finding> {
  const check = 'port';
  const address = `${host}:${port}`;
  const inUse = await inspectFree(check, 'PORT', host, port);
  if (inUse !== 'in use') return inUse;
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
  return takenByAnother(check, 'PORT', address);
}

/** Checks the port of the metrics in the same way; empty without one. */
export async function inspectMetricsPort(config: Config): Promise<Finding[]> {
  const { host, metrics, metricsPort: port } = config;
  if (!metrics || port === undefined) return [];
  const check = 'metrics port';
  const address = `${host}:${port}`;
  const inUse = await inspectFree(check, 'METRICS_PORT', host, port);
  if (inUse !== 'in use') return [inUse];
  if (await servesMetrics(host, port)) {
    return [{ check, level: 'ok', says: `an Eventline server on ${address} serves its metrics` }];
  }
  return [takenByAnother(check, 'METRICS_PORT', address)];
}

/** Listens for a moment on a port of this machine. */
async function inspectFree(
  check: string,
  setting: string,
  host: string,
  port: number,
): Promise<Finding | 'in use'> {
  const address = `${host}:${port}`;
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return { check, level: 'ok', says: `${address} is free` };
  if (code === 'EADDRINUSE') return 'in use';
  const says = `cannot listen on ${address} (${code})`;
  return { check, level: 'fail', says, todo: `Check HOST and ${setting}.` };
}

function takenByAnother(check: string, setting: string, address: string): Finding {
  const says = `another program listens on ${address}`;
  const todo = `Set ${setting} to another port, or to 0 for any free port.`;
  return { check, level: 'fail', says, todo };
}

/** Returns `ready`, or the reason why not; undefined if no Eventline server answers. */
async function readHealth(host: string, port: number): Promise<string | undefined> {
  try {
    const response = await ask(host, port, '/health/ready');
    const { status, reason } = readiness.parse(await readJson(response, MAX_BYTES));
    if (status === 'ready') return status;
    return status === 'not ready' ? String(reason) : undefined;
  } catch {
    return undefined;
  }
}

async function servesMetrics(host: string, port: number): Promise<boolean> {
  try {
    const bytes = await readBytes(await ask(host, port, '/metrics'), MAX_BYTES);
    return new TextDecoder().decode(bytes).includes('eventline_build_info');
  } catch {
    return false;
  }
}

function ask(host: string, port: number, path: string): Promise<Response> {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}${path}`;
  return fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
}

import { createServer } from 'node:net';
import type { Config } from '../../../config/config.ts';
import type { Finding } from '../../../config/finding.ts';

const TIMEOUT_MS = 2_000;

/** Checks whether the port is free, and which program listens on it if it is not. */
export async function inspectPort({ host, port }: Config): Promise<Finding> {
  const check = 'port';
  const place = `${host}:${port}`;
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return { check, level: 'ok', says: `${place} is free` };
  if (code !== 'EADDRINUSE') {
    return {
      check,
      level: 'fail',
      says: `cannot listen on ${place} (${code})`,
      todo: 'Check HOST and PORT.',
    };
  }
  const health = await healthAt(host, port);
  if (health === 'ready')
    return { check, level: 'ok', says: `an Eventline is on ${place}, and is ready` };
  if (health !== undefined) {
    const todo = 'See its log and the other lines here.';
    return {
      check,
      level: 'warn',
      says: `an Eventline is on ${place}, and is not ready: ${health}`,
      todo,
    };
  }
  const says = `another program is on ${place}`;
  return {
    check,
    level: 'fail',
    says,
    todo: 'Set PORT to another port, or to 0 for any free port.',
  };
}

/** Returns the readiness that an Eventline on this port reports; undefined where there is none. */
async function healthAt(host: string, port: number): Promise<string | undefined> {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}/health/ready`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { status, reason } = (await response.json()) as { status?: string; reason?: string };
    if (status === 'ready') return status;
    return status === 'not ready' ? String(reason) : undefined;
  } catch {
    return undefined;
  }
}

import { createServer } from 'node:net';

/**
 * Returns a free loopback port: `preferred` if it is free, else one from the system. The port is
 * not reserved, so the caller must be ready to try another one.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('The system has no free loopback port.');
  return port;
}

/** Returns true when a server can listen on 127.0.0.1:`port` now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}

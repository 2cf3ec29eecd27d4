import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port and prints the URL. SIGTERM ends the process, so that a profile is written. */
export function listen(server: Server): void {
  // At once: the load generator has exited before.
  process.once('SIGTERM', () => process.exit(0));
  server.listen(0, '127.0.0.1', () => announcePort((server.address() as AddressInfo).port));
}

/** Prints the URL of a server. */
export function announcePort(port: number): void {
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
}

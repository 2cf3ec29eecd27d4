import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port, says where, and ends by SIGTERM, so that a profile is written. */
export function listen(server: Server): void {
  // What waits is of no use to anybody: the load has gone before.
  process.once('SIGTERM', () => process.exit(0));
  server.listen(0, '127.0.0.1', () => say((server.address() as AddressInfo).port));
}

/** Says on which port a server listens. */
export function say(port: number): void {
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
}

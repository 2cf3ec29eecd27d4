import { Writable } from 'node:stream';
import pino, { type Logger } from 'pino';

/** A logger for a server that resolves promises at log lines. */
export interface LogSignal {
  logger: Logger;
  /** Resolves at the next line with this message. */
  next(message: string): Promise<void>;
}

export function createLogSignal(): LogSignal {
  const waiting = new Map<string, () => void>();
  const sink = new Writable({
    write(chunk, _, done) {
      const { msg } = JSON.parse(String(chunk));
      waiting.get(msg)?.();
      waiting.delete(msg);
      done();
    },
  });
  return {
    logger: pino({ level: 'debug' }, sink),
    next: (message) =>
      new Promise((resolve) => {
        waiting.set(message, resolve);
      }),
  };
}

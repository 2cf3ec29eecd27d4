import { setTimeout as delay } from 'node:timers/promises';
import { openSocket } from './open-socket.ts';

/** Pause before a retry after 503; shorter than `Retry-After`, to measure. */
const RETRY_MS = 100;
const UNAVAILABLE = 'HTTP/1.1 503';

/** A keep-alive connection with at most one request in flight. */
export interface Poster {
  readonly port: number;
  /**
   * Posts a delivery, and retries after 503 as a sender does.
   *
   * @returns the body of the answer
   * @throws Error when the status is neither 200 nor 503
   */
  post(request: Buffer): Promise<string>;
  /** Answers with 503 so far. */
  refusals(): number;
  close(): void;
}

/** Opens a connection for deliveries, and reopens it when the server has closed it as idle. */
export async function openPoster(port: number): Promise<Poster> {
  let opened = await openSocket(port);
  let isOpen = true;
  let answer = '';
  let waiting: { resolve(body: string): void; reject(error: Error): void } | undefined;

  function listen(): void {
    opened.onEnd = (reason) => {
      isOpen = false;
      waiting?.reject(reason);
    };
    opened.onBytes = (bytes) => {
      answer += bytes.toString('latin1');
      const body = bodyOf(answer);
      if (body === undefined) return;
      const { resolve, reject } = waiting ?? {};
      waiting = undefined;
      const isAnswered = answer.startsWith('HTTP/1.1 200') || answer.startsWith(UNAVAILABLE);
      if (isAnswered) resolve?.(body);
      else reject?.(new Error(`a delivery was refused: ${answer.slice(0, 1_000)}`));
    };
  }

  async function reopen(): Promise<void> {
    opened = await openSocket(port);
    isOpen = true;
    listen();
  }

  function send(request: Buffer): Promise<string> {
    answer = '';
    const answered = new Promise<string>((resolve, reject) => {
      waiting = { resolve, reject };
    });
    opened.socket.write(request);
    return answered;
  }

  async function attempt(request: Buffer): Promise<string> {
    if (!isOpen) await reopen();
    try {
      return await send(request);
    } catch (error) {
      // The server closed the idle connection before it read the request: no byte was answered.
      if (isOpen || answer !== '') throw error;
      await reopen();
      return send(request);
    }
  }

  let refusals = 0;
  listen();
  return {
    port,
    async post(request) {
      for (;;) {
        const body = await attempt(request);
        if (!answer.startsWith(UNAVAILABLE)) return body;
        refusals += 1;
        await delay(RETRY_MS);
      }
    },
    refusals: () => refusals,
    close: () => opened.close(),
  };
}

/** Opens several connections for deliveries, to each port in turn. */
export function openPosters(ports: readonly number[], count: number): Promise<Poster[]> {
  const portOf = (index: number) => ports[index % ports.length] ?? 0;
  return Promise.all(Array.from({ length: count }, (_, index) => openPoster(portOf(index))));
}

/** Returns the body of a complete answer, with a length or chunked (RFC 9112, 6); else undefined. */
function bodyOf(answer: string): string | undefined {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const body = answer.slice(headEnd + 4);
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, headEnd + 2));
  if (length) return body.length < Number(length[1]) ? undefined : body;
  if (!body.endsWith('0\r\n\r\n')) return undefined;
  return body.slice(body.indexOf('\r\n') + 2, body.lastIndexOf('\r\n0\r\n'));
}

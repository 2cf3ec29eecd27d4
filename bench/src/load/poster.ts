import { setTimeout as delay } from 'node:timers/promises';
import { openSocket } from './open-socket.ts';

/** A sender that is told to come again waits for a moment; not so long as it is told, to measure. */
const AGAIN_MS = 100;
const NOT_NOW = 'HTTP/1.1 503';

/** A kept connection that has one request under way at most. */
export interface Poster {
  /**
   * Posts, and again where the answer is 503, as a sender does.
   * @returns the body of the answer; rejected when that is not a 200
   */
  post(request: Buffer): Promise<string>;
  /** How many answers were 503 so far. */
  refusals(): number;
  close(): void;
}

/** Opens a connection for deliveries; again where the server has ended it, as idle ones are. */
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
      const isAnswered = answer.startsWith('HTTP/1.1 200') || answer.startsWith(NOT_NOW);
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
      // Ended at the same moment, before it was read: no byte of an answer has come.
      if (isOpen || answer !== '') throw error;
      await reopen();
      return send(request);
    }
  }

  let refusals = 0;
  listen();
  return {
    async post(request) {
      for (;;) {
        const body = await attempt(request);
        if (!answer.startsWith(NOT_NOW)) return body;
        refusals += 1;
        await delay(AGAIN_MS);
      }
    },
    refusals: () => refusals,
    close: () => opened.close(),
  };
}

/** Opens several. */
export function openPosters(port: number, count: number): Promise<Poster[]> {
  return Promise.all(Array.from({ length: count }, () => openPoster(port)));
}

/** The body of an answer that has come whole, by its length or as chunks (RFC 9112, 6). */
function bodyOf(answer: string): string | undefined {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const body = answer.slice(headEnd + 4);
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, headEnd + 2));
  if (length) return body.length < Number(length[1]) ? undefined : body;
  if (!body.endsWith('0\r\n\r\n')) return undefined;
  return body.slice(body.indexOf('\r\n') + 2, body.lastIndexOf('\r\n0\r\n'));
}

import { connect } from 'node:net';

type Bytes = string | Buffer;

/**
 * Writes bytes to a server.
 * @returns everything received until the server closed the connection
 */
export const sendRaw = (url: string, ...parts: Bytes[]) => exchange(url, parts, false);

/** The same, but ends the connection after the last byte. */
export const sendCutShort = (url: string, ...parts: Bytes[]) => exchange(url, parts, true);

function exchange(url: string, parts: readonly Bytes[], end: boolean): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    for (const part of parts) socket.write(part);
    if (end) socket.end();
  });
}

/** Returns the head of a POST to the webhook. */
export function webhookHead(headers: Record<string, string | number>): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `POST /webhooks/events HTTP/1.1\r\n${lines.join('')}\r\n`;
}

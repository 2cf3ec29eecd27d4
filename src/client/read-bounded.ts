import { ConnectionLostError } from './connection-lost-error.ts';

/**
 * Longest answer or message that is read, in bytes: four times the server's default limit
 * (`GRAPHQL_MAX_ANSWER_BYTES`). One without an end would fill the memory.
 */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Reads a body to its end.
 *
 * @throws ConnectionLostError when it is longer; its connection is then closed
 */
export async function readBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) break;
    length += value.length;
    if (length > maxBytes) {
      // Not awaited: the stream of a lost connection may not settle it.
      reader?.cancel().catch(() => undefined);
      throw new ConnectionLostError('lost', `The answer has more than ${maxBytes} bytes.`);
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

/** Reads a body as JSON. @throws as `readBytes`; SyntaxError when it is not JSON */
export async function readJson(response: Response, maxBytes = MAX_ANSWER_BYTES): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await readBytes(response, maxBytes)));
}

import { CommandError } from '../../command-error.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/**
 * Far above the maximum delivery (`WEBHOOK_MAX_BYTES`); input without line breaks would fill the
 * memory.
 */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * Yields the lines of a stream as bytes, without their LF or CRLF. `node:readline` is not used: it
 * decodes, which changes invalid UTF-8, and some versions end a line at U+2028 or a lone CR, which
 * a body may contain.
 *
 * @throws CommandError when a line is too long for a delivery; errors of the stream
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Buffer> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (): Buffer => {
    const line = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    [parts, length, number] = [[], 0, number + 1];
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  };
  for await (const given of input) {
    const chunk =
      typeof given === 'string'
        ? Buffer.from(given)
        : Buffer.from(given.buffer, given.byteOffset, given.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      parts.push(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MAX_BYTES) {
      throw new CommandError(
        `Line ${number} has more than ${MAX_BYTES / 2 ** 20} MiB. Expected one JSON body a line.`,
      );
    }
  }
  if (length > 0) yield take();
}

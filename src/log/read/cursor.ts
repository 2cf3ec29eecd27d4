import { timingSafeEqual } from 'node:crypto';
import { EventlineError } from '../../errors.ts';
import { createShortHmac } from './short-hmac.ts';

const POSITION_BYTES = 6;
const CHECK_BYTES = 8;

/** Cursors of one log: a position with a check that only this log can compute. */
export interface Cursors {
  /** Returns the cursor of a position: 19 characters of base64url, equal on every instance. */
  encode(position: number): string;
  /**
   * Returns the position of a cursor.
   *
   * @throws EventlineError CURSOR_INVALID when this log did not issue it
   */
  decode(cursor: string): number;
}

/** Creates the cursors of a log from its key (16 bytes, from the meta document). */
export function createCursors(key: Buffer): Cursors {
  const hmac = createShortHmac(key, POSITION_BYTES);
  const encodeBytes = (position: number) => {
    const bytes = Buffer.allocUnsafe(POSITION_BYTES + CHECK_BYTES);
    bytes.writeUIntBE(position, 0, POSITION_BYTES);
    hmac(bytes).copy(bytes, POSITION_BYTES, 0, CHECK_BYTES);
    return bytes;
  };
  return {
    encode: (position) => encodeBytes(position).toString('base64url'),
    decode(cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.length === POSITION_BYTES + CHECK_BYTES && bytes.toString('base64url') === cursor) {
        const position = bytes.readUIntBE(0, POSITION_BYTES);
        if (timingSafeEqual(encodeBytes(position), bytes)) return position;
      }
      throw new EventlineError(
        'CURSOR_INVALID',
        'This is not a cursor of this log. Use the `cursor` of an event, or `endCursor` of a page.',
      );
    },
  };
}

import { timingSafeEqual } from 'node:crypto';
import { EventlineError } from '../../errors.ts';
import { createShortHmac } from './short-hmac.ts';

const POSITION_BYTES = 6;
const CHECK_BYTES = 8;

/** Cursors of one log: a position and a check that only this log can make. */
export interface Cursors {
  /** The cursor of a position: 19 characters of base64url, the same wherever it is made. */
  encode(position: number): string;
  /**
   * The position of a cursor.
   *
   * @throws EventlineError CURSOR_INVALID when it was not made by this log
   */
  decode(cursor: string): number;
}

/** Makes and reads the cursors of the log whose key is given (16 bytes, from its meta document). */
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

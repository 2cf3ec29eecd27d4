import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCursors } from '../../../src/log/read/cursor.ts';
import { freshDatabase } from '../../utils/database.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { newEvent } from '../new-event.ts';
import { openLog } from '../open-logs.ts';

const cursors = createCursors(randomBytes(16));
const invalid = expect.objectContaining({ code: 'CURSOR_INVALID' });
const position = fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 2 ** 48 - 1 }));

test('a cursor encodes its position, and is the same on every instance', () => {
  fc.assert(
    fc.property(position, (at) => {
      expect(cursors.encode(at)).toMatch(/^[\w-]{19}$/);
      expect(cursors.encode(at)).toBe(cursors.encode(at));
      expect(cursors.decode(cursors.encode(at))).toBe(at);
    }),
  );
});

test('a cursor stays valid in later releases', () => {
  const { encode } = createCursors(Buffer.from('0123456789abcdef'));
  expect(encode(1_234_567)).toBe('AAAAEtaH1hbWxTcZi3o');
});

test('a cursor with any changed bit, of another log, or in another encoding is refused', () => {
  fc.assert(
    fc.property(position, fc.nat(14 * 8 - 1), (at, bit) => {
      const bytes = Buffer.from(cursors.encode(at), 'base64url');
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => cursors.decode(bytes.toString('base64url'))).toThrow(invalid);
    }),
  );
  const other = createCursors(randomBytes(16)).encode(7);
  const own = cursors.encode(7);
  const forms = ['', ' ', `${own}=`, ` ${own}`, own.slice(1), `${own}A`, `${own}\0`, '💥', other];
  for (const form of forms) expect(() => cursors.decode(form)).toThrow(invalid);
});

test('any other text is refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => cursors.decode(text)).toThrow(invalid);
    }),
  );
});

test('a cursor of an instance that is ahead is accepted; one beyond the end is refused', async () => {
  const { uri } = await freshDatabase();
  const [one, other] = [await openLog(uri), await openLog(uri)];
  for (let at = 1; at <= 5; at += 1) {
    await one.log.appender.append(newEvent(), 100);
    expect(await other.log.positionOf(one.log.cursors.encode(at))).toBe(at);
    expect(other.log.tailer.head()).toBeGreaterThanOrEqual(at);
  }
  await expect(other.log.positionOf(one.log.cursors.encode(6))).rejects.toEqual(invalid);
});

test('while the database is unavailable, a cursor that may be valid is not called invalid', async () => {
  const { uri } = await freshDatabase();
  const proxy = await startDatabaseProxy(uri);
  const [ahead, cut] = [await openLog(uri), await openLog(proxy.uri)];
  proxy.cut();
  await ahead.log.appender.append(newEvent(), 100);
  await expect(cut.log.positionOf(ahead.log.cursors.encode(1))).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  proxy.restore();
  await cut.log.close();
  await proxy.close();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameReader, TEXT } from '../../bench/src/load/read-frames.ts';
import { toFrame } from '../../bench/src/servers/to-frame.ts';

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 20 });

test('frames are read completely, however they are split', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 400 }), (sent, pieceBytes) => {
      const received: string[] = [];
      const push = createFrameReader((opcode, bytes, start, end) => {
        expect(opcode).toBe(TEXT);
        received.push(bytes.toString('utf8', start, end));
      });
      const bytes = Buffer.concat(sent.map(toFrame));
      // One buffer is reused for all pieces, as in the load generator.
      const shared = Buffer.alloc(pieceBytes);
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const length = bytes.copy(shared, 0, at, at + pieceBytes);
        push(shared.subarray(0, length));
      }
      expect(received).toEqual(sent);
    }),
  );
});

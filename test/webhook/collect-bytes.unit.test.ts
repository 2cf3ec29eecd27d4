import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectBytes } from '../../src/webhook/collect-bytes.ts';

test('returns all bytes in order, however they are split, in at most twice their memory', () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(chunks, (parts) => {
      const body = collectBytes();
      let memoryBytes = 0;
      for (const part of parts) {
        memoryBytes += body.growthFor(Buffer.from(part));
        body.add(Buffer.from(part));
      }
      expect(memoryBytes).toBeLessThanOrEqual(2 * body.size() + 4 * 1024);
      expect(body.bytes()).toEqual(Buffer.concat(parts));
    }),
  );
});

test('a body in one chunk is not copied', () => {
  const chunk = Buffer.from('{}');
  const body = collectBytes();
  expect(body.growthFor(chunk)).toBe(2);
  body.add(chunk);
  expect(body.bytes()).toBe(chunk);
});

test('a body of 100,000 single bytes costs at most one block of extra memory', () => {
  const body = collectBytes();
  let memoryBytes = 0;
  let blocks = 0;
  for (let sent = 0; sent < 100_000; sent += 1) {
    const chunk = Buffer.from('x');
    const growth = body.growthFor(chunk);
    memoryBytes += growth;
    blocks += growth > 0 ? 1 : 0;
    body.add(chunk);
  }
  expect(body.bytes()).toHaveLength(100_000);
  expect(memoryBytes).toBeLessThan(100_000 + 4 * 1024);
  expect(blocks).toBeLessThan(50);
});

test('a body is scattered if its chunks are many and small', () => {
  const add = (chunks: number, bytes: number) => {
    const body = collectBytes();
    for (let sent = 0; sent < chunks; sent += 1) body.add(Buffer.alloc(bytes));
    return body.isScattered();
  };
  expect(add(1_000, 1)).toBe(false);
  expect(add(1_100, 1)).toBe(true);
  expect(add(10_000, 64)).toBe(false);
});

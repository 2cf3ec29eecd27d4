import { onTestFinished } from 'vitest';
import type { Collections } from '../../../src/storage/models.ts';

const RENEW_MS = 300;

/**
 * Holds the writer lease without appending, so that deliveries stay in the inbox. Returns a
 * function that releases it.
 */
export async function holdLease({
  writer,
}: Pick<Collections, 'writer'>): Promise<() => Promise<void>> {
  const holder = 'held by a test';
  let renewing: Promise<unknown> = writer.updateOne(
    { _id: 'writer' },
    { $set: { holder }, $inc: { counter: 1 } },
    { upsert: true },
  );
  await renewing;
  const timer = setInterval(() => {
    renewing = writer.updateOne({ _id: 'writer' }, { $set: { holder }, $inc: { counter: 1 } });
  }, RENEW_MS);
  async function release(): Promise<void> {
    clearInterval(timer);
    await renewing.catch(() => undefined);
    await writer.updateOne({ _id: 'writer', holder }, { $set: { holder: null } });
  }
  onTestFinished(() => release().catch(() => undefined));
  return release;
}

import type mongoose from 'mongoose';
import { createDigestSeal, type DigestSeal } from '../../src/log/read/digest-seal.ts';
import { createEventIds, type EventIds } from '../../src/log/read/event-ids.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { openStoredData } from './open-stored-data.ts';

/** The ids of a log, computed with its stored key. */
export interface LogIds extends EventIds {
  quarantine: DigestSeal;
}

/** Reads the key of a log, and creates it if missing. */
export async function readLogIds(mongodbUri: string): Promise<LogIds> {
  const key = (await readKey(mongodbUri)) ?? (await beginLog(mongodbUri));
  return { ...createEventIds(key), quarantine: createDigestSeal(key, 'quarantine id') };
}

async function readKey(mongodbUri: string): Promise<Buffer | undefined> {
  const storedData = await openStoredData(mongodbUri);
  try {
    const found = await storedData.collection('meta').findOne({ _id: 'log' } as object);
    const key = found?.cursorKey as mongoose.mongo.Binary | undefined;
    return key && Buffer.from(key.value());
  } finally {
    await storedData.close();
  }
}

async function beginLog(mongodbUri: string): Promise<Buffer> {
  const { cursorKey, close } = await openStorage(mongodbUri);
  await close();
  return cursorKey;
}

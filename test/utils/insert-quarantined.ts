import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { readLogIds } from './log-ids.ts';
import { openStoredData } from './open-stored-data.ts';

export interface QuarantinedBody {
  body: string | Buffer;
  firstAt?: Date;
  lastAt?: Date;
  count?: number;
  problem?: string;
  /** Stores it under another digest than the body's. */
  digest?: Buffer;
}

/**
 * Puts deliveries into quarantine as an older version would have, whether or not they are
 * acceptable now, and returns their public ids.
 */
export async function insertQuarantined(mongodbUri: string, bodies: readonly QuarantinedBody[]) {
  const storedData = await openStoredData(mongodbUri);
  const { Binary } = mongoose.mongo;
  const documents = bodies.map(({ body, digest, firstAt = new Date(), ...rest }) => {
    const raw = Buffer.from(body);
    return {
      _id: new Binary(digest ?? createHash('sha256').update(raw).digest()),
      raw: new Binary(raw),
      problem: 'invalid-payload',
      detail: 'payload.new_field: is not known',
      firstAt,
      lastAt: firstAt,
      count: 1,
      ...rest,
    };
  });
  await storedData
    .collection('quarantine')
    .insertMany(documents as unknown as mongoose.mongo.Document[]);
  await storedData.close();
  const { quarantine } = await readLogIds(mongodbUri);
  return documents.map(({ _id }) => quarantine.seal(Buffer.from(_id.buffer)).toString('hex'));
}

import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { lookBehind } from '../webhook/look-behind.ts';

export interface Refused {
  body: string | Buffer;
  firstAt?: Date;
  lastAt?: Date;
  count?: number;
  problem?: string;
  /** Another id than the digest of the body, in hex. */
  id?: string;
}

/**
 * Puts deliveries into quarantine as an older version would have, whatever this one thinks of them,
 * and returns their ids.
 */
export async function keepRefused(mongodbUri: string, refused: readonly Refused[]) {
  const behind = await lookBehind(mongodbUri);
  const { Binary } = mongoose.mongo;
  const documents = refused.map(({ body, id, firstAt = new Date(), ...rest }) => {
    const raw = Buffer.from(body);
    const digest = createHash('sha256').update(raw).digest();
    return {
      _id: new Binary(id === undefined ? digest : Buffer.from(id, 'hex')),
      raw: new Binary(raw),
      problem: 'invalid-payload',
      detail: 'payload.new_field: is not known',
      firstAt,
      lastAt: firstAt,
      count: 1,
      ...rest,
    };
  });
  await behind
    .collection('quarantine')
    .insertMany(documents as unknown as mongoose.mongo.Document[]);
  await behind.close();
  return documents.map(({ _id }) => _id.toString('hex'));
}

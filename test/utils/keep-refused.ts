import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { lookBehind } from '../webhook/look-behind.ts';
import { readLogIds } from './log-ids.ts';

export interface Refused {
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
export async function keepRefused(mongodbUri: string, refused: readonly Refused[]) {
  const behind = await lookBehind(mongodbUri);
  const { Binary } = mongoose.mongo;
  const documents = refused.map(({ body, digest, firstAt = new Date(), ...rest }) => {
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
  await behind
    .collection('quarantine')
    .insertMany(documents as unknown as mongoose.mongo.Document[]);
  await behind.close();
  const { quarantine } = await readLogIds(mongodbUri);
  return documents.map(({ _id }) => quarantine.seal(_id.value()).toString('hex'));
}

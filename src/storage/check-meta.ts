import mongoose from 'mongoose';
import { MetaDamagedError } from '../errors.ts';
import type { BoundsDocument, ErasureStateDocument, MetaDocument } from './documents.ts';

const { Binary } = mongoose.mongo;
const CURSOR_KEY_BYTES = 16;
const ERASURE_KEY_BYTES = 32;

/** Returns the identity of the log. @throws MetaDamagedError */
export function checkLogDocument(document: MetaDocument): MetaDocument {
  const { formatVersion, cursorKey } = document;
  const isVersion = Number.isSafeInteger(formatVersion) && formatVersion > 0;
  if (!isVersion) throw new MetaDamagedError('log', 'formatVersion: expected a positive integer');
  if (!isKey(cursorKey, CURSOR_KEY_BYTES)) {
    throw new MetaDamagedError('log', `cursorKey: expected ${CURSOR_KEY_BYTES} bytes`);
  }
  return document;
}

/** Returns the positions without an event. @throws MetaDamagedError */
export function checkBounds(document: BoundsDocument | null): Partial<BoundsDocument> {
  if (document === null) return {};
  const { removedUpTo = 0, deletedUpTo = 0, gaps = [], isClosed = false } = document;
  const refuse = (problem: string) => new MetaDamagedError('bounds', problem);
  if (!isPosition(removedUpTo)) throw refuse('removedUpTo: expected a position');
  if (!isPosition(deletedUpTo)) throw refuse('deletedUpTo: expected a position');
  if (typeof isClosed !== 'boolean') throw refuse('isClosed: expected true or false');
  if (!Array.isArray(gaps)) throw refuse('gaps: expected a list');
  let end = 0;
  for (const [index, gap] of gaps.entries()) {
    const { after, upTo } = gap ?? {};
    const isRange = isPosition(after) && isPosition(upTo) && after >= end && upTo > after;
    if (!isRange) throw refuse(`gaps.${index}: expected a range after the one before`);
    end = upTo;
  }
  return document;
}

/** Returns the state of erasures. @throws MetaDamagedError */
export function checkErasureState(document: ErasureStateDocument): ErasureStateDocument {
  const { key, epoch } = document;
  if (!isKey(key, ERASURE_KEY_BYTES)) {
    throw new MetaDamagedError('erasures', `key: expected ${ERASURE_KEY_BYTES} bytes`);
  }
  if (!isPosition(epoch)) throw new MetaDamagedError('erasures', 'epoch: expected an integer');
  return document;
}

/** Returns the checkpoint of the projections. @throws MetaDamagedError */
export function checkCheckpoint(foldedUpTo: unknown): number {
  if (isPosition(foldedUpTo)) return foldedUpTo;
  throw new MetaDamagedError('views', 'foldedUpTo: expected a position');
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isKey(value: unknown, bytes: number): boolean {
  return value instanceof Binary && value.length() === bytes;
}

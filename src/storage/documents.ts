import type mongoose from 'mongoose';
import type { JsonObject } from '../catalog/json.ts';

export type Binary = mongoose.mongo.Binary;

/** An event as it lies in the collection `events`. Absent members are null or as usual. */
export interface EventDocument {
  /** The digest, 32 bytes: a repeat is a duplicate `_id`. */
  _id: Binary;
  position: number;
  type: string;
  /** Only where `type` is not what the sender wrote. */
  typeName?: string;
  occurredOn: Date;
  /** Only where `occurredOn` does not say it all (another offset, finer than milliseconds). */
  occurredText?: string;
  receivedAt: Date;
  userId?: string;
  installationId?: string;
  payload: JsonObject;
  extra?: JsonObject;
  /** Only where the change streams tell of it, as a hint at all before it; see `insert-batch.ts`. */
  bell?: true;
  /** Deliveries that said the same again, and when the last one came; absent where none did. */
  repeats?: number;
  lastRepeatedAt?: Date;
}

/** A signed delivery that was refused, in the collection `quarantine`. */
export interface QuarantineDocument {
  /** SHA-256 of the raw bytes. */
  _id: Binary;
  raw: Binary;
  /** A key of the webhook's table of problems, and what it said. */
  problem: string;
  detail: string;
  firstAt: Date;
  lastAt: Date;
  count: number;
}

/** What the log knows about itself; one document, `_id: "log"`, in the collection `meta`. */
export interface MetaDocument {
  _id: 'log';
  formatVersion: number;
  /** Keys the check of cursors: a cursor of another log is recognised. 16 bytes. */
  cursorKey: Binary;
  createdAt: Date;
}

/** Written to see whether the database takes writes; one document, in `meta`. See `watch-writes.ts`. */
export interface WriteTrialDocument {
  _id: 'write-trial';
  triedAt: Date;
}

/** Which positions are gone for good; one document, `_id: "bounds"`, in `meta`. See `bounds.ts`. */
export interface BoundsDocument {
  _id: 'bounds';
  /** All positions up to it are removed, or about to be. */
  removedUpTo?: number;
  /** The removal has come so far. */
  deletedUpTo?: number;
  gaps?: { after: number; upTo: number; declaredAt: Date }[];
  /** Nothing may be appended while it is true. */
  isClosed?: boolean;
}

/** Numbers drawn and called by writers that are many; one document, in `meta`. See `turns.ts`. */
export interface TurnsDocument {
  _id: 'turns';
  /** The number that is drawn next. */
  next: number;
  /** The number whose turn it is. */
  serving: number;
  /** Where the log ended when a turn was over: a hint. */
  head: number;
}

/** What is known of erasures; one document, in `meta`. See `erasures.ts`. */
export interface ErasureStateDocument {
  _id: 'erasures';
  /** Keys the names under which erased users are kept. 32 bytes. */
  key: Binary;
  /** Grows with each step that others have to know of. */
  epoch: number;
}

/**
 * A user who was erased, or a delivery that an erasure has removed from quarantine, in the collection
 * `erasures`. What is only there while the erasure is not finished would lead from the user to what
 * was made of their events.
 */
export interface ErasureDocument {
  /** A keyed hash of the user's id, or of the delivery's digest. */
  _id: Binary;
  /** Of a user: by it a text that is not the id is told apart at once. Older ones have none. */
  mark?: number;
  /** True for a delivery. */
  refused?: true;
  /** Events of this user that occurred before are not taken any more; of a delivery 1970. */
  before: Date;
  /** Keyed hashes of erased events which say that they occur later. */
  later?: Binary[];
  /** Makes the pseudonyms; there until the erasure is finished. */
  secret?: Binary;
  /** On which the user's events were, as far as they are erased; there until it is finished. */
  installations?: string[];
}

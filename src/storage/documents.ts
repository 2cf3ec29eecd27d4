import type mongoose from 'mongoose';
import type { JsonObject } from '../catalog/json.ts';

export type Binary = mongoose.mongo.Binary;

/** An event in the collection `events`. Absent members are null or have their default. */
export interface EventDocument {
  /** The digest, 32 bytes; a redelivery is a duplicate `_id`. */
  _id: Binary;
  position: number;
  type: string;
  /** Present where the sender's name differs from `type`. */
  typeName?: string;
  occurredOn: Date;
  /**
   * Present where `occurredOn` does not express the sent text (another offset, finer than
   * milliseconds).
   */
  occurredText?: string;
  receivedAt: Date;
  userId?: string;
  installationId?: string;
  payload: JsonObject;
  extra?: JsonObject;
  /** Marks the events that change streams report; see `insert-batch.ts`. */
  bell?: true;
  /** Number of redeliveries and the time of the last one; absent without any. */
  repeats?: number;
  lastRepeatedAt?: Date;
}

/** An acknowledged event that waits for its position, in the collection `inbox`. */
export interface InboxDocument
  extends Omit<EventDocument, 'position' | 'bell' | 'repeats' | 'lastRepeatedAt'> {
  /** Identity before an erasure changed the event; the log may hold it under this one. */
  original?: Binary;
}

/** A refused signed delivery in the collection `quarantine`. */
export interface QuarantineDocument {
  /** SHA-256 of the raw bytes. */
  _id: Binary;
  raw: Binary;
  /** A key of the webhook's table of problems, and its detail. */
  problem: string;
  detail: string;
  firstAt: Date;
  lastAt: Date;
  count: number;
}

/** Bytes that an operator dropped from quarantine, in the collection `droppedDeliveries`. */
export interface DroppedDocument {
  /** SHA-256 of the raw bytes, which are not stored. */
  _id: Binary;
  droppedAt: Date;
}

/** Identity of the log; one document, `_id: "log"`, in the collection `meta`. */
export interface MetaDocument {
  _id: 'log';
  formatVersion: number;
  /** Key of the cursors' check, 16 bytes; cursors of another log are refused by it. */
  cursorKey: Binary;
  createdAt: Date;
}

/**
 * Written to probe whether the database accepts writes; one document, in `meta`. See
 * `probe-writes.ts`.
 */
export interface WriteProbeDocument {
  _id: 'write-trial';
  triedAt: Date;
}

/** Positions without an event; one document, `_id: "bounds"`, in `meta`. See `log-state.ts`. */
export interface BoundsDocument {
  _id: 'bounds';
  /** All positions up to this one are removed, or about to be. */
  removedUpTo?: number;
  /** Progress of the removal. */
  deletedUpTo?: number;
  gaps?: { after: number; upTo: number; declaredAt: Date }[];
  /** True while nothing may be appended. */
  isClosed?: boolean;
  /** Of the last write that closed it. */
  closedAt?: Date;
}

/** Which instance appends directly; one document, in `meta`. See decision 21. */
export interface WriterDocument {
  _id: 'writer';
  /** Unique for an opening of the log; null after a hand-over. */
  holder: string | null;
  /** Changes with each renewal; a holder never writes the same value twice. */
  counter: number;
}

/** State of erasures; one document, in `meta`. See `log-state.ts`. */
export interface ErasureStateDocument {
  _id: 'erasures';
  /** Key of the hashes of erased users, 32 bytes. */
  key: Binary;
  /** Incremented with each step that other instances must know of. */
  epoch: number;
}

/**
 * What an erasure remembers, in the collection `erasures`: an erased user, an e-mail address or phone
 * number of that user, a delivery that was removed from quarantine, or an event that was changed.
 * Members marked as temporary would link the user to their pseudonyms and are removed when the
 * erasure is complete.
 */
export interface ErasureDocument {
  /** Keyed hash of the id, the contact, or the digest. */
  _id: Binary;
  /** A cheap filter for values that are not this one. Absent in older documents of users. */
  mark?: number;
  /** Absent for a user. */
  kind?: 'contact' | 'event';
  /** True for a delivery. */
  refused?: true;
  /** Of a user or contact: events that occurred earlier are refused or cleaned. Otherwise 1970. */
  before: Date;
  /** Keyed hashes of erased events whose instant is later. */
  later?: Binary[];
  /**
   * Of a user or contact: no position up to `upTo` has an event of before `before` that names it.
   * Absent until the first search of the log, and in documents of older releases.
   */
  rewritten?: { before: Date; upTo: number };
  /** Temporary: the secret of the pseudonyms. */
  secret?: Binary;
  /** Temporary: installations of the user's erased events. */
  installations?: string[];
  /** Temporary: the user's e-mail addresses and phone numbers. */
  contacts?: string[];
  /** Temporary: other users whose projections must be rebuilt. */
  otherUsers?: string[];
  /** Temporary: other installations whose projections must be rebuilt. */
  otherInstallations?: string[];
}

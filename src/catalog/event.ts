import type { JsonObject } from './json.ts';

/** A delivery with a valid envelope, which may be appended to the log. */
export interface NewEvent {
  /**
   * Identity, 32 bytes: the SHA-256 of type, instant and canonical payload. An erased event has a
   * pseudonym of it instead. It is never exposed unencrypted, because a guess of the content could be
   * verified against it.
   */
  readonly digest: Buffer;
  /** A name of the catalog, or UNKNOWN. */
  readonly type: string;
  /** As the sender wrote it. */
  readonly typeName: string;
  /** The sender's instant, in whole milliseconds. */
  readonly occurredOn: Date;
  /** `occurred_on` as sent. */
  readonly occurredText: string;
  readonly receivedAt: Date;
  readonly userId: string | null;
  /** Lower case. */
  readonly installationId: string | null;
  readonly payload: JsonObject;
  /** Envelope members other than `type`, `occurred_on` and `payload`; null for none. */
  readonly extra: JsonObject | null;
}

/** A durable event of the log with its position. */
export interface StoredEvent extends NewEvent {
  /** 1, 2, 3 … without gaps, except where `eventline restored` has skipped positions. */
  readonly position: number;
  /**
   * Number of redeliveries, a lower bound since a crash can lose some, and the instant of the last
   * one; absent for none.
   */
  readonly repeats?: { readonly count: number; readonly lastAt: Date } | undefined;
}

import { definitionByName, UNKNOWN } from './catalog.ts';
import type { JsonObject } from './json.ts';

/** A validated delivery that may be appended to the log. */
export interface NewEvent {
  /**
   * Identity: the SHA-256 of type, instant and canonical payload, 32 bytes. It is never exposed
   * unencrypted, because a guess of the content could be verified against it.
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
  /** Members of the envelope that the sender's page does not list. */
  readonly extra: JsonObject | null;
}

/** A durable event of the log with its position. */
export interface StoredEvent extends NewEvent {
  /** 1, 2, 3 … without gaps. */
  readonly position: number;
  /** Number of counted redeliveries and instant of the last one; absent if none was counted. */
  readonly repeats?: { readonly count: number; readonly lastAt: Date } | undefined;
}

const UNKNOWN_TYPE_NAME = 'UnknownEvent';

/** Returns the GraphQL object type of an event. */
export function objectTypeName(type: string): string {
  return type === UNKNOWN
    ? UNKNOWN_TYPE_NAME
    : (definitionByName.get(type)?.typeName ?? UNKNOWN_TYPE_NAME);
}

import type { NewEvent } from '../catalog/event.ts';
import type { Appender } from '../log/append/appender.ts';
import type { Log } from '../log/log.ts';
import { looksCompressed } from './is-compressed.ts';
import { type Appended, failed, type Refused, refused } from './outcome.ts';
import { parseDelivery } from './parse-delivery.ts';

export interface SignedDelivery {
  rawBody: Buffer;
  receivedAt: Date;
  /** Whether the request named a compression. */
  isEncoded: boolean;
}

/**
 * Parses a delivery and appends its event, synchronously up to the call of `append`. Resolves once
 * the event is durable, or with the reason why it is not.
 *
 * @param onParsed called with the event before it is appended
 */
export async function storeDelivery(
  { rawBody, receivedAt, isEncoded }: SignedDelivery,
  appender: Pick<Appender, 'append'>,
  onParsed?: (event: NewEvent) => void,
): Promise<Appended | Refused> {
  const parsed = parseDelivery(rawBody, receivedAt);
  if (parsed.kind === 'refused') {
    // The bytes decide: many libraries send a wrong Content-Encoding with plain JSON.
    const isCompressed = isEncoded || looksCompressed(rawBody);
    if (parsed.problem !== 'invalid-json' || !isCompressed) return parsed;
    return refused(
      'unsupported-media-type',
      'expected JSON in UTF-8 without compression, which the signature covers',
    );
  }
  const { event } = parsed;
  onParsed?.(event);
  try {
    return { kind: 'appended', event, result: await appender.append(event, rawBody.length) };
  } catch (error) {
    return { ...failed(error), event };
  }
}

/**
 * Returns a delivery whose event is in the log as a duplicate, otherwise undefined. An operator may have
 * stored it from quarantine; a sender that is refused again would bring it back there.
 */
export async function findStored(
  rawBody: Buffer,
  receivedAt: Date,
  findPosition: Log['findPosition'],
): Promise<Appended | undefined> {
  const parsed = parseDelivery(rawBody, receivedAt);
  if (parsed.kind === 'refused') return undefined;
  const { event } = parsed;
  const position = await findPosition(event);
  if (position === undefined) return undefined;
  const { digest } = event;
  return { kind: 'appended', event, result: { status: 'duplicate', position, digest } };
}

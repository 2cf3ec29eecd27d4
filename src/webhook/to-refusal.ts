import { UnstorableError } from '../errors.ts';
import { DeliveryError } from './delivery-error.ts';
import { looksCompressed } from './is-compressed.ts';

/** What is known of a delivery beside the error. */
export interface RefusedDelivery {
  rawBody: Buffer;
  /** Whether the request named a compression. */
  isEncoded: boolean;
}

/**
 * Returns the refusal for an error that is the delivery's own fault, which a retry cannot fix. Such
 * a delivery belongs in quarantine. Returns undefined for all other errors.
 */
export function toRefusal(error: unknown, delivery?: RefusedDelivery): DeliveryError | undefined {
  if (error instanceof UnstorableError) {
    return new DeliveryError('json-not-exact', error.message, { cause: error });
  }
  if (!(error instanceof DeliveryError)) return undefined;
  // The bytes decide: many libraries send a wrong Content-Encoding with plain JSON.
  if (delivery === undefined || error.problem !== 'invalid-json') return error;
  if (!delivery.isEncoded && !looksCompressed(delivery.rawBody)) return error;
  return new DeliveryError(
    'unsupported-media-type',
    'expected JSON in UTF-8 without compression, which the signature covers',
    { cause: error },
  );
}

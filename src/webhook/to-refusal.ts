import { UnstorableError } from '../errors.ts';
import { DeliveryError } from './delivery-error.ts';

/**
 * What of the errors of parsing and appending is the delivery's own fault, which no other try
 * mends: it belongs in quarantine. Undefined for all other errors.
 */
export function toRefusal(error: unknown): DeliveryError | undefined {
  if (error instanceof DeliveryError) return error;
  if (!(error instanceof UnstorableError)) return undefined;
  return new DeliveryError('json-not-exact', error.message, { cause: error });
}

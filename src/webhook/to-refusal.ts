import { UnstorableError } from '../errors.ts';
import { DeliveryError } from './delivery-error.ts';

/**
 * Returns the refusal for an error that is the delivery's own fault, which a retry cannot fix. Such
 * a delivery belongs in quarantine. Returns undefined for all other errors.
 */
export function toRefusal(error: unknown): DeliveryError | undefined {
  if (error instanceof DeliveryError) return error;
  if (!(error instanceof UnstorableError)) return undefined;
  return new DeliveryError('json-not-exact', error.message, { cause: error });
}

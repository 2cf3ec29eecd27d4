import type { NewEvent } from './event.ts';
import { parseInstant } from './parse-instant.ts';

/**
 * Returns a text by which instants are compared (`<` is earlier), with all digits that the sender
 * wrote, and leap seconds behind the second before.
 *
 * @param event its text is absent where `occurredOn` says the same
 */
export function instantKey({
  occurredOn,
  occurredText,
}: Pick<NewEvent, 'occurredOn'> & { occurredText?: string | undefined }): string {
  const usual = occurredOn.toISOString();
  // Without the `Z`, a text is less than those that continue it with a fraction.
  return (parseInstant(occurredText ?? usual)?.canonical ?? usual).slice(0, -1);
}

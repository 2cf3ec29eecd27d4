import type { FieldError } from '../data/ask.ts';
import type { EventPageQuery } from '../generated/graphql.ts';

/** What every event has, and is shown elsewhere. */
const COMMON = new Set([
  ...['__typename', 'id', 'cursor', 'type', 'typeName', 'occurredOn', 'receivedAt'],
  ...['userId', 'installationId', 'payload', 'delivery'],
]);

const LONGEST = 300;

/** The fields that an event has by its type, with their values, or why there is none. */
export function ownFieldsOf(
  event: NonNullable<EventPageQuery['event']>,
  errors: readonly FieldError[],
): (readonly [string, string])[] {
  return Object.entries(event)
    .filter(([name]) => !COMMON.has(name))
    .map(([name, value]) => {
      const refused = errors.find(({ path }) => path?.at(-1) === name);
      const shown = value === null || value === undefined ? '–' : cut(String(value));
      return [inWords(name), refused ? 'not for this token (pii:read)' : shown] as const;
    });
}

/** What is longer than a field can show is in the payload below. */
function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** "mobilePhonePrefix" as "Mobile phone prefix". */
function inWords(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

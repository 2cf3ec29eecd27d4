import type { FieldError } from '../data/ask.ts';
import type { EventPageQuery } from '../generated/graphql.ts';

/** Fields that every event has and that are shown elsewhere. */
const COMMON = new Set([
  ...['__typename', 'id', 'cursor', 'type', 'typeName', 'occurredOn', 'receivedAt'],
  ...['userId', 'installationId', 'payload', 'envelope', 'delivery', 'messageId'],
]);

const LONGEST = 300;

/** Returns the fields of the event's type with their values, or why a value is missing. */
export function ownFieldsOf(
  event: NonNullable<EventPageQuery['event']>,
  errors: readonly FieldError[],
): (readonly [string, string])[] {
  return Object.entries(event)
    .filter(([name]) => !COMMON.has(name) && !/statusCode$/i.test(name))
    .map(([name, value]) => {
      const refused = errors.find(({ path }) => path?.at(-1) === name);
      const code: unknown = Reflect.get(event, `${name}Code`);
      const text = Array.isArray(value)
        ? value.join('; ')
        : code === undefined
          ? String(value)
          : `${String(value).toLowerCase()} (${code})`;
      const shown = value === null || value === undefined ? '–' : cut(text);
      return [toLabel(name), refused ? reasonOf(refused) : shown] as const;
    });
}

function reasonOf({ message, extensions }: FieldError): string {
  const isHidden = extensions?.code === 'FORBIDDEN';
  return isHidden ? 'not for this token (pii:read)' : `cannot be shown: ${message}`;
}

/** Longer values are shown in the payload below. */
function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** "mobilePhonePrefix" as "Mobile phone prefix", "osName" as "OS name". */
function toLabel(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/^Os\b/, 'OS');
}

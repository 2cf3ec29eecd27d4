import type { Quarantine } from '../../../log/quarantine.ts';
import { CommandError } from '../../command-error.ts';

/** Shorter prefixes would soon be ambiguous. */
const MIN_PREFIX_LENGTH = 4;
const MIN_SHOWN_LENGTH = 8;
const ID_CHARS = 96;

/**
 * Returns the ids for unique prefixes, without duplicates, in the order given.
 * @throws CommandError for the first prefix that matches none or several
 */
export async function resolveIds(
  quarantine: Pick<Quarantine, 'find'>,
  given: readonly string[],
): Promise<string[]> {
  const resolved = new Set<string>();
  for (const prefix of given) resolved.add(await resolveId(quarantine, prefix));
  return [...resolved];
}

/** As `resolveIds`, for one prefix. */
export async function resolveId(
  quarantine: Pick<Quarantine, 'find'>,
  given: string,
): Promise<string> {
  const prefix = given.toLowerCase();
  if (!/^[\da-f]+$/.test(prefix) || prefix.length < MIN_PREFIX_LENGTH || prefix.length > ID_CHARS) {
    throw new CommandError(
      `An id is ${MIN_PREFIX_LENGTH} to ${ID_CHARS} characters of 0-9 and a-f; got ${JSON.stringify(given)}.`,
    );
  }
  const found = await quarantine.find(prefix);
  const [id] = found;
  if (id === undefined) {
    throw new CommandError(
      `Nothing in quarantine has an id that starts with ${prefix}; \`list\` shows what is there.`,
    );
  }
  if (found.length === 1) return id;
  const shown = found.map(shortener(found)).join(', ');
  throw new CommandError(`${prefix} matches several ids (${shown} …): give a longer prefix.`);
}

/** Returns a function that shortens ids as far as they stay unique among `all`. */
export function shortener(all: readonly string[]): (id: string) => string {
  const sorted = [...all].sort();
  const length = sorted.reduce(
    (longest, id, index) => Math.max(longest, commonChars(id, sorted[index - 1] ?? '') + 1),
    MIN_SHOWN_LENGTH,
  );
  return (id) => id.slice(0, length);
}

function commonChars(one: string, other: string): number {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count += 1;
  return count;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

const RELEASED = /^schema-(\d+)\.(\d+)\.(\d+)\.graphql$/;

/**
 * Lists the schema changes since the last release that may break clients.
 *
 * @param {string} released the schema of the last release (SDL)
 * @param {string} current the current schema (SDL)
 * @param {{ type: string, description: string, reason: string }[]} allowed intended breaking changes,
 *   each with type and description as in graphql-js, and the reason
 * @returns {{ breaking: string[], dangerous: string[], stale: string[] }} sentences: breaking changes
 *   that are not allowed; dangerous changes; allowed changes that do not occur or have no reason
 */
export function findSchemaChanges(released, current, allowed) {
  const [before, after] = [buildSchema(released), buildSchema(current)];
  const keyOf = ({ type, description }) => `${type}: ${description}`;
  const breaking = findBreakingChanges(before, after).map(keyOf);
  const intended = new Map(allowed.map((change) => [keyOf(change), change.reason]));
  return {
    breaking: breaking.filter((change) => !intended.has(change)),
    dangerous: findDangerousChanges(before, after).map(keyOf),
    stale: [...intended].flatMap(([change, reason]) => {
      if (!breaking.includes(change)) return [`${change} (does not occur)`];
      return typeof reason === 'string' && reason !== '' ? [] : [`${change} (has no reason)`];
    }),
  };
}

/** Returns the path of the newest `schema-1.2.3.graphql` in a folder. */
export function lastReleased(folder) {
  const versions = readdirSync(folder).flatMap((name) => {
    const numbers = RELEASED.exec(name)?.slice(1).map(Number);
    return numbers ? [{ name, numbers }] : [];
  });
  versions.sort((a, b) => {
    const part = a.numbers.findIndex((number, index) => number !== b.numbers[index]);
    return (a.numbers[part] ?? 0) - (b.numbers[part] ?? 0);
  });
  const last = versions.at(-1);
  if (last === undefined) throw new Error(`${folder} holds no released schema.`);
  return join(folder, last.name);
}

/** Compares schema.graphql with the last release, prints the changes, and returns whether clients still work. */
export function isSchemaCompatible(folder = 'docs/releases') {
  const file = lastReleased(folder);
  const list = join(folder, 'allowed-changes.json');
  const { breaking, dangerous, stale } = findSchemaChanges(
    readFileSync(file, 'utf8'),
    readFileSync('schema.graphql', 'utf8'),
    JSON.parse(readFileSync(list, 'utf8')),
  );
  for (const change of dangerous) console.log(`since ${file}: ${change}`);
  for (const change of breaking) {
    console.log(
      `BREAKS clients of ${file}: ${change}\n  If this is intended, add it with a reason to ${list}.`,
    );
  }
  for (const change of stale) console.log(`${list}: ${change}`);
  return breaking.length === 0 && stale.length === 0;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

const RELEASED = /^schema-(\d+)\.(\d+)\.(\d+)\.graphql$/;

/**
 * What changed in the schema since the last release, as far as it may break a client.
 *
 * @param {string} released the schema of the last release (SDL)
 * @param {string} current the schema of now (SDL)
 * @param {{ type: string, description: string, reason: string }[]} allowed breaking changes that are
 *   meant, each in the words of graphql-js with the reason why
 * @returns {{ breaking: string[], dangerous: string[], stale: string[] }} in words: what breaks and is
 *   not allowed; what may surprise a client; what is allowed and does not occur, or has no reason
 */
export function findSchemaChanges(released, current, allowed) {
  const [before, now] = [buildSchema(released), buildSchema(current)];
  const keyOf = ({ type, description }) => `${type}: ${description}`;
  const breaking = findBreakingChanges(before, now).map(keyOf);
  const meant = new Map(allowed.map((change) => [keyOf(change), change.reason]));
  return {
    breaking: breaking.filter((change) => !meant.has(change)),
    dangerous: findDangerousChanges(before, now).map(keyOf),
    stale: [...meant].flatMap(([change, reason]) => {
      if (!breaking.includes(change)) return [`${change} (it does not occur)`];
      return typeof reason === 'string' && reason !== '' ? [] : [`${change} (it has no reason)`];
    }),
  };
}

/** The file of the last release among `schema-1.2.3.graphql` in a folder. */
export function lastReleased(folder) {
  const versions = readdirSync(folder).flatMap((name) => {
    const numbers = RELEASED.exec(name)?.slice(1).map(Number);
    return numbers ? [{ name, numbers }] : [];
  });
  versions.sort((a, b) => {
    const place = a.numbers.findIndex((number, index) => number !== b.numbers[index]);
    return (a.numbers[place] ?? 0) - (b.numbers[place] ?? 0);
  });
  const last = versions.at(-1);
  if (last === undefined) throw new Error(`${folder} holds no released schema.`);
  return join(folder, last.name);
}

/** Compares schema.graphql with the last release, says what it finds, and is false if that breaks. */
export function schemaKeepsItsWord(folder = 'docs/releases') {
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
      `BREAKS a client of ${file}: ${change}\n  If it is meant, add it with a reason to ${list}.`,
    );
  }
  for (const change of stale) console.log(`${list}: ${change}`);
  return breaking.length === 0 && stale.length === 0;
}

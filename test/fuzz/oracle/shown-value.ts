import type { JsonValue } from '../../../src/catalog/json.ts';
import type { Tree } from './read-json.ts';

const MAX_LEVELS = 64;

/** The JSON cannot be kept exactly: a repeated key, or too many levels. */
export class InexactError extends Error {}

/**
 * Returns a tree as readers see it (docs/reference/webhook.md): what neither JavaScript nor the
 * database holds is shown as a text.
 *
 * @throws InexactError
 */
export function shownValue(tree: Tree, level = 1): JsonValue {
  if (tree.kind === 'number') return shownNumber(tree.text);
  if (tree.kind === 'scalar')
    return typeof tree.value === 'string' ? wellFormed(tree.value) : tree.value;
  if (level > MAX_LEVELS) throw new InexactError('levels');
  if (tree.kind === 'array') return tree.items.map((item) => shownValue(item, level + 1));
  const shown = new Map<string, JsonValue>();
  for (const [key, value] of tree.members) {
    const name = shownKey(key, shown);
    if (shown.has(name)) throw new InexactError('keys');
    shown.set(name, shownValue(value, level + 1));
  }
  return Object.fromEntries(shown);
}

function shownNumber(text: string): number | string {
  const number = Number(text);
  // A double of this size is whole. JSON.stringify writes larger ones with an exponent.
  const isLarge = Math.abs(number) > Number.MAX_SAFE_INTEGER && Math.abs(number) < 1e21;
  if (/[.eE]/.test(text)) return Number.isFinite(number) && !isLarge ? number : text;
  const exact = BigInt(text);
  const isHeld = exact <= Number.MAX_SAFE_INTEGER && exact >= Number.MIN_SAFE_INTEGER;
  return isHeld ? number : text;
}

function shownKey(key: string, before: ReadonlyMap<string, unknown>): string {
  const isOfDriver =
    key === '_bsontype' ||
    (key === '$id' && before.has('$ref')) ||
    (key === '$ref' && before.has('$id'));
  if (isOfDriver) return escapeOf(key.charAt(0)) + key.slice(1);
  return wellFormed(key).replaceAll('\0', escapeOf('\0'));
}

/** Iterating by characters yields pairs whole, so a lone surrogate is a character of its own. */
function wellFormed(text: string): string {
  return [...text].map((char) => (isSurrogate(char) ? escapeOf(char) : char)).join('');
}

const isSurrogate = (char: string) => char.length === 1 && char >= '\ud800' && char <= '\udfff';

const escapeOf = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

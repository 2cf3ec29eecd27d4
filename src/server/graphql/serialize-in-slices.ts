import { jsonSize } from '../../memory/json-size.ts';
import type { WorkSlices } from '../../memory/work-slices.ts';

/** Approximate maximum of a part that is serialised at once, in bytes; a single text may be larger. */
const PART_BYTES = 64 * 1024;

export interface SerializeOptions {
  slices: WorkSlices;
  /**
   * Called with the bytes of each part; the next one is serialised after its promise.
   * @throws an error that ends the serialisation
   */
  onBytes: (bytes: number) => Promise<void> | undefined;
}

/**
 * Serialises a value like `JSON.stringify`, in parts, so that other work can be done between them.
 *
 * @param value contains no cycle and no BigInt
 */
export async function serializeInSlices(
  value: unknown,
  { slices, onBytes }: SerializeOptions,
): Promise<string> {
  const parts: string[] = [];
  for (const part of partsOf(value)) {
    parts.push(part);
    const bytes = Buffer.byteLength(part);
    await onBytes(bytes);
    await slices.spend(bytes);
  }
  return parts.join('');
}

/** Yields the JSON of a value in parts. */
function* partsOf(given: unknown): Generator<string> {
  const value = withoutToJson(given);
  if (typeof value !== 'object' || value === null || jsonSize(value, PART_BYTES) <= PART_BYTES) {
    yield JSON.stringify(value) ?? 'null';
  } else if (Array.isArray(value)) {
    yield* membersOf(value.entries(), ([, item]) => item, { open: '[', close: ']' });
  } else {
    yield* membersOf(Object.entries(value), ([, member]) => member, { open: '{', close: '}' });
  }
}

/** Yields the members of an object or list: small ones together, each large one in its own parts. */
function* membersOf<Key extends string | number>(
  members: Iterable<[Key, unknown]>,
  valueIn: (member: [Key, unknown]) => unknown,
  { open, close }: { open: '[' | '{'; close: string },
): Generator<string> {
  let separator = open as string;
  let small: [Key, unknown][] = [];
  let smallBytes = 0;

  function* flush(): Generator<string> {
    // Not by assignment: a key may be `__proto__`.
    const together = open === '[' ? small.map(valueIn) : Object.fromEntries(small);
    const text = JSON.stringify(together).slice(1, -1);
    small = [];
    smallBytes = 0;
    if (text === '') return;
    yield separator + text;
    separator = ',';
  }

  for (const member of members) {
    const keyBytes = open === '[' ? 1 : 4 + String(member[0]).length;
    const bytes = keyBytes + jsonSize(valueIn(member), PART_BYTES);
    if (bytes <= PART_BYTES) {
      small.push(member);
      smallBytes += bytes;
      if (smallBytes > PART_BYTES) yield* flush();
      continue;
    }
    yield* flush();
    yield open === '[' ? separator : `${separator}${JSON.stringify(member[0])}:`;
    separator = ',';
    yield* partsOf(valueIn(member));
  }
  yield* flush();
  yield separator === open ? open + close : close;
}

function withoutToJson(value: unknown): unknown {
  const { toJSON } = (value ?? {}) as { toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
}

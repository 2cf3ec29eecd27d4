import type { WorkSlices } from '../../memory/work-slices.ts';

/** Length of a part, after which other work may be done. */
const PART_LENGTH = 64 * 1024;
/** Length of a number, or of an empty list or object, with the marks around it. */
const MEMBER_LENGTH = 8;

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
  let part = '';

  async function endPart(): Promise<void> {
    const bytes = Buffer.byteLength(part);
    parts.push(part);
    part = '';
    await onBytes(bytes);
    await slices.spend(bytes);
  }

  for (const text of textsOf(value)) {
    part += text;
    if (part.length >= PART_LENGTH) await endPart();
  }
  await endPart();
  return parts.join('');
}

/** Yields the JSON of a value in short texts, a short item of a list at once. */
function* textsOf(given: unknown): Generator<string> {
  const value = withoutToJson(given);
  if (typeof value !== 'object' || value === null) {
    yield JSON.stringify(value) ?? 'null';
  } else if (Array.isArray(value)) {
    let separator = '[';
    for (const item of value) {
      if (lengthLeft(item, PART_LENGTH) > 0) {
        yield `${separator}${JSON.stringify(item) ?? 'null'}`;
      } else {
        // Such as an event whose payload is selected under several aliases.
        yield separator;
        yield* textsOf(item);
      }
      separator = ',';
    }
    yield separator === '[' ? '[]' : ']';
  } else {
    let separator = '{';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* textsOf(member);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  }
}

/**
 * Returns what the text of a value leaves of a length, about; at most 0 if nothing. It stops there,
 * which bounds the time.
 */
function lengthLeft(given: unknown, length: number): number {
  const value = withoutToJson(given);
  if (typeof value === 'string') return length - value.length;
  if (typeof value !== 'object' || value === null) return length - MEMBER_LENGTH;
  let left = length - MEMBER_LENGTH;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (left <= 0) break;
    if (typeof key === 'string') left -= key.length;
    left = lengthLeft((value as Record<string, unknown>)[key], left);
  }
  return left;
}

function withoutToJson(value: unknown): unknown {
  const { toJSON } = (value ?? {}) as { toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
}

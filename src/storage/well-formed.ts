import type { FieldKind } from '../catalog/field.ts';

/**
 * Returns the aggregation expression of a payload field: its value, or null if it is missing or does
 * not have the declared shape, as `declaredValue`.
 *
 * @param kind of a field whose value is any text or any integer
 */
export function wellFormedOrNull(
  kind: Extract<FieldKind, 'text' | 'integer' | 'status'>,
  key: string,
): unknown {
  const value = `$payload.${key}`;
  if (kind === 'text') return { $cond: [{ $eq: [{ $type: value }, 'string'] }, value, null] };
  const isSafe = {
    $and: [
      { $eq: [{ $trunc: value }, value] },
      { $gte: [value, Number.MIN_SAFE_INTEGER] },
      { $lte: [value, Number.MAX_SAFE_INTEGER] },
    ],
  };
  return { $cond: [{ $isNumber: value }, { $cond: [isSafe, value, null] }, null] };
}

/** Matches lone surrogates only: the `u` flag reads a pair as one character. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The MongoDB condition that a member is one of some values; of none it is never one.
 *
 * A text with a lone surrogate is left out: the driver would write it as U+FFFD, which another
 * event may hold, while no stored text holds a lone surrogate (decision 3).
 */
export function isOneOf(values: readonly (string | number)[]): Record<string, unknown> {
  const storable = values.filter(
    (value) => typeof value !== 'string' || !LONE_SURROGATE.test(value),
  );
  // `$eq` keeps a value a value, whatever it looks like.
  return storable.length === 1 ? { $eq: storable[0] } : { $in: storable };
}

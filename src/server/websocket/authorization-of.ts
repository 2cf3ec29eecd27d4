/**
 * Returns the value of Authorization in the payload of `connection_init`, at the top or in its
 * `headers`, in any case of letters; undefined where the payload has none.
 */
export function authorizationOf(payload: unknown): unknown {
  return (
    memberOf(payload, 'authorization') ?? memberOf(memberOf(payload, 'headers'), 'authorization')
  );
}

function memberOf(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  const found = Object.entries(object).find(([key]) => key.toLowerCase() === name);
  // An empty text is none.
  return found?.[1] || undefined;
}

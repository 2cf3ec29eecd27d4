/**
 * The body to post for a line of a recording: an event as `export` writes it is turned into what its
 * sender said, so that it has the same identity; everything else is posted as it stands, also what is
 * no JSON, since a recording may hold it.
 */
export function toDelivery(text: Buffer): Buffer | string {
  if (!text.includes('"typeName"')) return text;
  try {
    const { typeName, occurredOn, payload } = JSON.parse(text.toString()) ?? {};
    if (typeof typeName !== 'string' || typeof occurredOn !== 'string') return text;
    if (typeof payload !== 'object') return text;
    return JSON.stringify({ type: typeName, occurred_on: occurredOn, payload });
  } catch {
    return text;
  }
}

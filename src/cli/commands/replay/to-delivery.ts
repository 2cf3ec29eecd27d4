/**
 * Returns the body to post for a recorded line. An event written by `export` is turned back into
 * the sender's body, so that it has the same identity. Any other line is posted unchanged, even if
 * it is not JSON, since a recording may contain such deliveries.
 */
export function toDelivery(text: Buffer): Buffer | string {
  if (!text.includes('"typeName"')) return text;
  try {
    const { typeName, occurredOn, payload, envelope } = JSON.parse(text.toString()) ?? {};
    if (typeof typeName !== 'string' || typeof occurredOn !== 'string') return text;
    if (typeof payload !== 'object') return text;
    const members = typeof envelope === 'object' ? envelope : {};
    return JSON.stringify({ ...members, type: typeName, occurred_on: occurredOn, payload });
  } catch {
    return text;
  }
}

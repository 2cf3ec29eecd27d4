/**
 * Returns true for a readable body: `application/json` (or `…+json`) in UTF-8 (RFC 8259 §8.1), not
 * compressed, since the signature covers the bytes as sent.
 */
export function isJsonBody(contentType: string | undefined, contentEncoding: string | undefined) {
  if (contentType === undefined) return false;
  if (contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== 'identity') {
    return false;
  }
  const [essence = '', ...parameters] = contentType.toLowerCase().split(';');
  if (!/^application\/(?:[\w.-]+\+)?json$/.test(essence.trim())) return false;
  return parameters.every((parameter) => {
    const [name = '', value = ''] = parameter.split('=');
    return name.trim() !== 'charset' || /^"?utf-?8"?$/.test(value.trim());
  });
}

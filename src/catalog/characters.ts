const PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Returns the length of a text in characters of Unicode; `length` counts some of them twice. */
export function countCharacters(text: string): number {
  return text.length - (text.match(PAIRS)?.length ?? 0);
}

/** Returns whether a text has at most this many characters, without reading a much longer one. */
export function hasAtMost(text: string, most: number): boolean {
  return text.length <= most || (text.length <= 2 * most && countCharacters(text) <= most);
}

/** How many words in a row are tried together: a UUID has five, an address of mail some four. */
const MAX_WORDS = 6;

/**
 * What may be an id inside of a text: whatever stands between spaces, quotes, commas or brackets,
 * and in it every run of words, from a word's start to a word's end. So `U` is found in `/users/U`,
 * `_U` and `U@tenant`, and not in `UX`. The same may come more than once.
 *
 * @param minLength shorter ones are left out, in characters
 */
export function* wordsOf(text: string, minLength: number): Generator<string> {
  for (const [chunk] of text.matchAll(/[^\s"'`,;<>()[\]{}]+/g)) {
    if (chunk.length < minLength) continue;
    yield chunk;
    const words = [...chunk.matchAll(/[\p{L}\p{N}]+/gu)];
    for (const [index, first] of words.entries()) {
      for (const last of words.slice(index, index + MAX_WORDS)) {
        const end = last.index + last[0].length;
        const isChunk = first.index === 0 && end === chunk.length;
        if (end - first.index >= minLength && !isChunk) yield chunk.slice(first.index, end);
      }
    }
  }
}

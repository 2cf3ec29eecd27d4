/**
 * Maximum number of consecutive words tried as one id: a UUID has five, an e-mail address about
 * four.
 */
const MAX_WORDS = 6;

/**
 * Yields the possible ids within a text. A chunk is a text without white space, quotes, commas,
 * semicolons or brackets; a word is a run of letters and digits. Yields each chunk and, within it,
 * each sequence of up to MAX_WORDS words. The id `42A` is thus found in `/users/42A`, `_42A` and
 * `42A@tenant`, but not in `42AX`. Results may repeat.
 *
 * @param minLength minimum length in characters
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

/**
 * Maximum number of consecutive words tried as one id: a UUID has five, an e-mail address about
 * four.
 */
const MAX_WORDS = 6;

/**
 * Yields the possible ids within a text: each chunk between spaces, quotes, commas or brackets, and
 * each run of up to MAX_WORDS whole words within a chunk. `U` is thus found in
 * `/users/U`, `_U` and `U@tenant`, and not in `UX`. Results may repeat.
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

/**
 * Line ends of Unicode that are no line ends of JSON Lines or SSE (WHATWG HTML, 9.2.6), but of some
 * readers of lines: Python's `splitlines`, Node's `readline`, `$` and `.` of regular expressions.
 */
const LINE_SEPARATORS = /[\u0085\u2028\u2029]/g;

/**
 * Returns a JSON text as one line for every reader of lines: the line ends of Unicode, which JSON
 * allows within strings only, become escape sequences. It parses to the same value.
 */
export function toJsonLine(json: string): string {
  return json.replace(
    LINE_SEPARATORS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

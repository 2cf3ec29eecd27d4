/**
 * Control characters that JSON allows, which some terminals obey (U+009B begins a sequence as ESC [
 * does), and line ends of Unicode that are no line ends of JSON Lines or SSE (WHATWG HTML, 9.2.6),
 * but of some readers of lines: Python's `splitlines`, Node's `readline`, `$` and `.` of regular
 * expressions.
 */
const NOT_PLAIN = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * Returns a JSON text as one line for every reader of lines, without control characters: those that
 * JSON allows, within strings only, become escape sequences. It parses to the same value.
 */
export function toJsonLine(json: string): string {
  return json.replace(
    NOT_PLAIN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

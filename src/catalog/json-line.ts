/**
 * What JSON allows within strings, and a reader of lines or a terminal takes for more than text:
 *
 * - U+007F to U+009F: some terminals obey them (U+009B begins a sequence as ESC [ does);
 * - marks of direction, which reorder what a terminal shows;
 * - line ends of Unicode that are no line ends of JSON Lines or SSE (WHATWG HTML, 9.2.6), but of
 *   Python's `splitlines`, Node's `readline`, `$` and `.` of regular expressions.
 */
const NOT_PLAIN = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

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

/** Consecutive digits. */
export interface DigitGroup {
  digits: string;
  /** True after a `+`, with or without a bracket. */
  isInternational: boolean;
}

/**
 * Seven digits or more, with separators between them: spaces (`+` in a form), brackets, slashes, any
 * dashes, dots, bullets and apostrophes. U+2212 is the minus sign. A comma separates the numbers of a
 * JSON list: reading a whole list as one number would take a second for a megabyte.
 */
const RUN = /\+?\(?\+?\d(?:[\s().+/_'’·•|:~*\u2212\p{Pd}]{0,8}\d){6,}/gu;
const GROUP = /(\+?)(\(?)(\d+)/g;

/**
 * Yields possible phone numbers in a text, as groups of digits. Runs in linear time: a run that is
 * too short ends after six digits.
 */
export function* phoneRuns(text: string): Generator<DigitGroup[]> {
  for (const [run] of text.matchAll(RUN)) {
    yield [...run.matchAll(GROUP)]
      // The trunk prefix in `+44 (0)20 …` is not dialled from abroad.
      .filter(([, , bracket, digits]) => !(bracket === '(' && digits === '0'))
      .map(([, plus, , digits = '']) => ({ digits, isInternational: plus === '+' }));
  }
}

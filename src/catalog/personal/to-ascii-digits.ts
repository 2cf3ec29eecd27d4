const DIGITS = /\p{Nd}/gu;
const DIGIT = /\p{Nd}/u;

/** Digits of other scripts that were met; Unicode has fewer than 1,000. */
const known = new Map<string, string>();

/** Returns a text with ASCII digits in place of decimal digits of any script: `٦` is `6`. */
export function toAsciiDigits(text: string): string {
  return text.replace(DIGITS, (digit) => {
    const ascii = known.get(digit) ?? asciiOf(digit);
    known.set(digit, ascii);
    return ascii;
  });
}

/** Each script has its ten digits in order (Unicode Standard, 4.6), and some are adjacent. */
function asciiOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (zero > 0 && DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** Unicode's stream-safe format (UAX #15, 12) allows as many for one letter. */
const MAX_MARKS = 30;
const MARKS = /\p{M}+/gu;
const FIRST_MARKS = new RegExp(`^\\p{M}{${MAX_MARKS}}`, 'u');

/**
 * Returns a text in a normalization form of Unicode, in linear time: the marks of a letter after the
 * 30th are removed, since `normalize` sorts them, which takes quadratic time.
 */
export function normalized(text: string, form: 'NFKC' | 'NFKD'): string {
  return text.replace(MARKS, (marks) => FIRST_MARKS.exec(marks)?.[0] ?? marks).normalize(form);
}

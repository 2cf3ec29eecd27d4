/** One finding of an inspection of the setup. */
export interface Finding {
  /** The subject, in a word or two. */
  check: string;
  level: 'ok' | 'warn' | 'fail';
  /** The result; it contains no secret. */
  says: string;
  /** What to do, where something is to be done. */
  todo?: string;
}

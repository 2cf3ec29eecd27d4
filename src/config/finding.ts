/** What a look at the setup has found of one thing. */
export interface Finding {
  /** What was looked at, in a word or two. */
  check: string;
  level: 'ok' | 'warn' | 'fail';
  /** What is so; no secret is in it. */
  says: string;
  /** What to do about it, where something is to be done. */
  todo?: string;
}

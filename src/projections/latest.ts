/** When something was said: by the sender's instant, then by its place in the log. */
export interface Occurrence {
  readonly occurredOn: Date;
  readonly position: number;
}

/** Negative when the first was said before the second. */
export function compareSaid(a: Occurrence, b: Occurrence): number {
  return a.occurredOn.getTime() - b.occurredOn.getTime() || a.position - b.position;
}

/** The later of two, of which the first may be missing. */
export function later<T extends Occurrence>(known: T | undefined, said: T): T {
  return known === undefined || compareSaid(known, said) < 0 ? said : known;
}

/** The earlier of two, of which the first may be missing. */
export function earlier<T extends Occurrence>(known: T | undefined, said: T): T {
  return known === undefined || compareSaid(known, said) > 0 ? said : known;
}

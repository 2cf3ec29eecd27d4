/**
 * The filters that look into payloads. A field of an event takes part in one by naming it where it
 * is declared (`filter` in field.ts); so it needs nothing here. Each event has one value at most for
 * each of them.
 */
export const payloadFilters = {
  /** Compared letter by letter, as sent. Few in number: the index of the types is near enough. */
  specialities: { kind: 'text', isIndexed: false },
  /** Many in number, so that each is rare in the log: only an index finds them. */
  professionalIds: { kind: 'integer', isIndexed: true },
  /** By the name of the plan: UNKNOWN stands for every integer that has no name. */
  statuses: { kind: 'status', isIndexed: false },
} as const;

export type PayloadFilterName = keyof typeof payloadFilters;

/** The filters that a field of this kind may take part in. */
export type PayloadFilterOf<Kind extends string> = {
  [Name in PayloadFilterName]: (typeof payloadFilters)[Name]['kind'] extends Kind ? Name : never;
}[PayloadFilterName];

/**
 * The filters on payload fields. A field joins a filter by naming it where it is declared (`filter`
 * in field.ts). Each event has at most one value per filter.
 */
export const payloadFilters = {
  /** Compared exactly. Few distinct values: the index on types is selective enough. */
  specialities: { kind: 'text', isIndexed: false },
  /** Many distinct values, each rare in the log: an index is needed. */
  professionalIds: { kind: 'integer', isIndexed: true },
  /** By the name of the plan; UNKNOWN stands for every unnamed integer. */
  statuses: { kind: 'status', isIndexed: false },
} as const;

export type PayloadFilterName = keyof typeof payloadFilters;

/** The filters that a field of this kind may join. */
export type PayloadFilterOf<Kind extends string> = {
  [Name in PayloadFilterName]: (typeof payloadFilters)[Name]['kind'] extends Kind ? Name : never;
}[PayloadFilterName];

/**
 * Options of a field that was renamed because events have a non-null field of its name: GraphQL does
 * not merge `... on User { status } ... on UserLoggedIn { status }`.
 */
export const besideEvents = (newName: string) => ({
  deprecationReason: `Use \`${newName}\`. This name cannot be selected beside the events that have it.`,
});

/** Part of the description of a field that is nullable only because it is on events. */
export const NEVER_NULL =
  'Never null; nullable as the field of events is, so that both can be selected beside each other.';

/** An operation with placeholders: ROOT for its type, FIELDS for its selection. */
export interface FilterForm {
  query: string;
  variables?: Record<string, unknown>;
  /** A subscription has one root field without directives (GraphQL §5.2.3.1). */
  queryOnly?: true;
}

/** All ways to name another user in a filter, for queries and subscriptions. */
export const filterForms: Readonly<Record<string, FilterForm>> = {
  'as a literal': { query: '{ events(filter: { userIds: ["other"] }) { FIELDS } }' },
  'as a literal without a list': {
    query: '{ events(filter: { userIds: "other" }) { FIELDS } }',
  },
  "in a list with the viewer's own id": {
    query: '{ events(filter: { userIds: ["own", "other"] }) { FIELDS } }',
  },
  'twice in a list, with an allowed field': {
    query: '{ events(filter: { types: [MESSAGE_SENT], userIds: ["other", "other"] }) { FIELDS } }',
  },
  'in an aliased field': { query: '{ own: events(filter: { userIds: ["other"] }) { FIELDS } }' },
  'in an aliased field beside an allowed one': {
    query: '{ a: events { FIELDS } b: events(filter: { userIds: ["other"] }) { FIELDS } }',
    queryOnly: true,
  },
  'in a fragment': {
    query: '{ ...F } fragment F on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } }',
  },
  'in an inline fragment': {
    query: '{ ... on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } } }',
  },
  'in a nested fragment': {
    query:
      '{ ...F } fragment F on ROOT { ...G } fragment G on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } }',
  },
  'in a variable': {
    query: '($filter: EventFilter) { events(filter: $filter) { FIELDS } }',
    variables: { filter: { userIds: ['other'] } },
  },
  'in a variable without a list': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: 'other' },
  },
  "in a variable's default": {
    query: '($filter: EventFilter = { userIds: ["other"] }) { events(filter: $filter) { FIELDS } }',
  },
  'in a default of a variable inside the filter': {
    query: '($id: ID! = "other") { events(filter: { userIds: [$id] }) { FIELDS } }',
  },
  'in a field with @include(if: true)': {
    query:
      '($yes: Boolean = true) { events(filter: { userIds: ["other"] }) @include(if: $yes) { FIELDS } }',
    queryOnly: true,
  },
  'as a number': { query: '{ events(filter: { userIds: [5] }) { FIELDS } }' },
  'as an empty id': { query: '{ events(filter: { userIds: [""] }) { FIELDS } }' },
  'as a regular expression': { query: '{ events(filter: { userIds: ["/.*/"] }) { FIELDS } }' },
  'as a MongoDB operator in a string': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: ['{"$ne":null}', '$ne', '*'] },
  },
  "as an id similar to the viewer's own": {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: ['own ', 'own\u0000', 'оwn', 'OWN', 'own\u200b'] },
  },
  'as an id of 200,000 characters': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: ['o'.repeat(200_000)] },
  },
};

/** Invalid filters, which are refused before rights are checked. */
export const malformedFilters: readonly [name: string, userIds: unknown][] = [
  ['an operator object', { $ne: null }],
  ['an operator object in the list', [{ $gt: '' }]],
  ['a regular expression object', [{ $regex: '.*' }]],
  ['a list in the list', [['other']]],
  ['null in the list', [null]],
  ['true', [true]],
  ['a fraction', [1.5]],
];

/** An operation with placeholders: ROOT for its type, FIELDS for its selection. */
export interface FilterForm {
  query: string;
  variables?: Record<string, unknown>;
  /** A subscription has one root field without directives (GraphQL §5.2.3.1). */
  queryOnly?: true;
}

/** All ways to write another user into a filter, for queries and subscriptions. */
export const filterForms: Readonly<Record<string, FilterForm>> = {
  'in the document': { query: '{ events(filter: { userIds: ["other"] }) { FIELDS } }' },
  'as one value instead of a list': {
    query: '{ events(filter: { userIds: "other" }) { FIELDS } }',
  },
  'beside oneself': { query: '{ events(filter: { userIds: ["own", "other"] }) { FIELDS } }' },
  'beside fields that are right': {
    query: '{ events(filter: { types: [MESSAGE_SENT], userIds: ["other", "other"] }) { FIELDS } }',
  },
  'by an alias': { query: '{ own: events(filter: { userIds: ["other"] }) { FIELDS } }' },
  'by an alias beside a right one': {
    query: '{ a: events { FIELDS } b: events(filter: { userIds: ["other"] }) { FIELDS } }',
    queryOnly: true,
  },
  'in a fragment': {
    query: '{ ...F } fragment F on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } }',
  },
  'in a fragment without a name': {
    query: '{ ... on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } } }',
  },
  'in a fragment in a fragment': {
    query:
      '{ ...F } fragment F on ROOT { ...G } fragment G on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } }',
  },
  'in a variable': {
    query: '($filter: EventFilter) { events(filter: $filter) { FIELDS } }',
    variables: { filter: { userIds: ['other'] } },
  },
  'in a variable of one value': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: 'other' },
  },
  "in a variable's default": {
    query: '($filter: EventFilter = { userIds: ["other"] }) { events(filter: $filter) { FIELDS } }',
  },
  'in a default inside the filter': {
    query: '($id: ID! = "other") { events(filter: { userIds: [$id] }) { FIELDS } }',
  },
  'behind a directive that is true': {
    query:
      '($yes: Boolean = true) { events(filter: { userIds: ["other"] }) @include(if: $yes) { FIELDS } }',
    queryOnly: true,
  },
  'by a number': { query: '{ events(filter: { userIds: [5] }) { FIELDS } }' },
  'by an empty id': { query: '{ events(filter: { userIds: [""] }) { FIELDS } }' },
  'by a regular expression': { query: '{ events(filter: { userIds: ["/.*/"] }) { FIELDS } }' },
  'by an operator as a text': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: ['{"$ne":null}', '$ne', '*'] },
  },
  'by what looks alike': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: ['own ', 'own\u0000', 'оwn', 'OWN', 'own\u200b'] },
  },
  'by an id of 200,000 characters': {
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

import type { EventPageQuery } from '../generated/graphql.ts';

/** Returns the query for an event with the fields of its type. */
export function queryOf(event: NonNullable<EventPageQuery['event']>): string {
  const { __typename: type, ...selected } = event;
  const own = Object.keys(selected).filter((name) => !COMMON.includes(name));
  const fragment = own.length === 0 ? [] : [`... on ${type} {`, ...own.map(indent), '}'];
  const body = [...COMMON.slice(0, -1), 'delivery {', ...DELIVERY.map(indent), '}', ...fragment];
  return [
    'query OneEvent($id: ID!) {',
    '  event(id: $id) {',
    ...body.map(indent).map(indent),
    '  }',
    '}',
    '',
  ].join('\n');
}

const COMMON = [
  ...['id', 'cursor', 'type', 'typeName', 'occurredOn', 'receivedAt'],
  ...['userId', 'installationId', 'payload', 'envelope', 'delivery'],
];
const DELIVERY = ['receivedAt', 'repeats', 'lastRepeatedAt'];

function indent(line: string): string {
  return `  ${line}`;
}

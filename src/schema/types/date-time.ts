import { type ASTNode, GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { parseInstant } from '../../catalog/parse-instant.ts';

const EXPECTED =
  'expected an instant with an offset, of the years 1 to 9999 in UTC, such as "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+02:00" or "2026-01-01T00:00:00+0200".';

/** `DateTime` of graphql-scalars; parses input like the webhook's instants (`parseInstant`). */
export const DateTimeScalar: GraphQLScalarType<Date, Date> = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  parseValue: (value) => parse(value),
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined, node),
});

function parse(value: unknown, node?: ASTNode): Date {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (instant !== undefined) return new Date(instant.epochMs);
  throw new GraphQLError(`DateTime: ${EXPECTED}`, node && { nodes: node });
}

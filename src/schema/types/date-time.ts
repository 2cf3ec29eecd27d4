import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { parseInstant } from '../../catalog/parse-instant.ts';
import { EventlineError } from '../../errors.ts';

const EXPECTED =
  'DateTime: expected an instant with an offset, of the years 1 to 9999 in UTC, such as "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+02:00" or "2026-01-01T00:00:00+0200".';

/** `DateTime` of graphql-scalars; parses input like the webhook's instants (`parseInstant`). */
export const DateTimeScalar: GraphQLScalarType<Date, Date> = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  parseValue(value) {
    const date = parse(value);
    if (date === undefined) throw new EventlineError('BAD_USER_INPUT', EXPECTED);
    return date;
  },
  parseLiteral(node) {
    const date = parse(node.kind === Kind.STRING ? node.value : undefined);
    if (date === undefined) throw new GraphQLError(EXPECTED, { nodes: node });
    return date;
  },
});

function parse(value: unknown): Date | undefined {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  return instant && new Date(instant.epochMs);
}

import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { isStorableInstant } from '../../catalog/instants.ts';
import { EventlineError } from '../../errors.ts';

/** The scalar of graphql-scalars, restricted to the years 1 to 9999: no other instant is in a log. */
export const DateTimeScalar: GraphQLScalarType<Date, Date> = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  parseValue: (value) => storable(GraphQLDateTime.parseValue(value)),
  parseLiteral: (node, variables) => storable(GraphQLDateTime.parseLiteral(node, variables)),
});

function storable(instant: Date): Date {
  if (isStorableInstant(instant)) return instant;
  throw new EventlineError('BAD_USER_INPUT', 'Expected an instant of the years 1 to 9999 (UTC).');
}

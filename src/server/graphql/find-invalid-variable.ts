import {
  coerceInputValue,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { EventlineError } from '../../errors.ts';

type Path = readonly (string | number)[];

/** An unknown field whose name is no short GraphQL name, which may be a value or very long. */
const UNPRINTABLE_FIELD =
  /^Field "(?![_A-Za-z]\w{0,63}" is not defined by type ).*" is not defined by type /s;

/**
 * Returns an error for the first invalid variable of an operation; undefined if all are valid.
 *
 * `getVariableValues` of graphql-js prints the whole value in each of its errors. This error names
 * the variable, the path and the expected type only, so its time and size do not depend on the
 * value.
 */
export function findInvalidVariable(
  { schema, variableValues }: Pick<ExecutionArgs, 'schema' | 'variableValues'>,
  { variableDefinitions = [] }: OperationDefinitionNode,
): GraphQLError | undefined {
  const values = variableValues ?? {};
  try {
    for (const definition of variableDefinitions) {
      const type = typeFromAST(schema, definition.type);
      // Validation refuses other types.
      if (isInputType(type)) assertValid(definition, type, values);
    }
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  return undefined;
}

function assertValid(
  definition: VariableDefinitionNode,
  type: GraphQLInputType,
  values: Readonly<Record<string, unknown>>,
): void {
  const name = definition.variable.name.value;
  const refuse = (problem: string) => {
    throw new GraphQLError(`Variable "$${name}" ${problem}`, { nodes: definition });
  };
  if (!Object.hasOwn(values, name)) {
    if (!definition.defaultValue && isNonNullType(type)) {
      refuse(`of required type "${type}" was not provided.`);
    }
    return;
  }
  const value = values[name];
  if (value === null && isNonNullType(type)) {
    refuse(`of non-null type "${type}" must not be null.`);
  }
  coerceInputValue(value, type, (path, invalid, error) => {
    const place = path.length > 0 ? ` at "${name}${printed(path)}"` : '';
    refuse(`got an invalid value${place}; ${describe(error, typeAt(type, path), invalid)}`);
  });
}

/** The problem, without the value, which graphql-js' and most scalars' errors quote. */
function describe(error: GraphQLError, type: GraphQLInputType, value: unknown): string {
  // The errors of our own scalars quote nothing.
  if (error.originalError instanceof EventlineError) return error.originalError.message;
  if (value != null && isLeafType(getNamedType(type))) return `Expected type "${type}".`;
  return error.message.replace(
    UNPRINTABLE_FIELD,
    'A field with an unknown name is not defined by type ',
  );
}

/** The type of the value at a path, as `coerceInputValue` reports it. */
function typeAt(type: GraphQLInputType, [key, ...rest]: Path): GraphQLInputType {
  const nullable = getNullableType(type);
  if (key === undefined) return nullable;
  if (isListType(nullable)) {
    return typeAt(nullable.ofType, typeof key === 'number' ? rest : [key, ...rest]);
  }
  const field = isInputObjectType(nullable) ? nullable.getFields()[key] : undefined;
  return field ? typeAt(field.type, rest) : nullable;
}

function printed(path: Path): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
}

import { type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql';
import type { Limits } from '../../config/limits.ts';
import type { GraphqlContext } from '../../schema/context.ts';
import { jsonSize } from '../../memory/json-size.ts';
import { tooLarge } from '../../memory/memory-budget.ts';

type Execute = typeof execute;

/**
 * Returns graphql-js' `execute` with a bound on the answer: one that is larger becomes an error
 * before it is serialised, and the memory of any other is held until it is sent.
 */
export function createBoundedExecute(limits: Limits): Execute {
  function bounded(result: ExecutionResult, { contextValue }: ExecutionArgs) {
    if (result.data == null) return result;
    const bytes = jsonSize(result.data, limits.maxAnswerBytes);
    if (bytes > limits.maxAnswerBytes) return failed(tooLarge(limits));
    const held = (contextValue as Partial<GraphqlContext>).memory?.hold(bytes);
    return held ? held.then(() => result, failed) : result;
  }
  return (args) => {
    const result = execute(args);
    return 'then' in result ? result.then((one) => bounded(one, args)) : bounded(result, args);
  };
}

function failed(error: Error): ExecutionResult {
  return { errors: [new GraphQLError(error.message, { originalError: error })] };
}

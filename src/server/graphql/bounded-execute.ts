import { type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql';
import type { Limits } from '../../config/limits.ts';
import { jsonSize } from '../../memory/json-size.ts';
import { tooLarge } from '../../memory/memory-budget.ts';
import type { RequestContext } from './request-context.ts';

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
    const held = (contextValue as RequestContext).memory?.hold(bytes);
    return held ? held.then(() => result, failed) : result;
  }
  return (args) => {
    const executed = (args.contextValue as RequestContext).onExecution?.();
    const result = execute(args);
    if (!('then' in result)) {
      executed?.();
      return bounded(result, args);
    }
    return result.then((one) => bounded(one, args)).finally(executed);
  };
}

function failed(error: Error): ExecutionResult {
  return { errors: [new GraphQLError(error.message, { originalError: error })] };
}

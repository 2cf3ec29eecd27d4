import { type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql';
import type { Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import { jsonSize } from '../../memory/json-size.ts';
import { tooLarge } from '../../memory/memory-budget.ts';
import { workSlices } from '../../memory/work-slices.ts';
import { TooManyItemsError } from '../../schema/bound-nested-items.ts';
import type { RequestContext } from './request-context.ts';
import { serializeInSlices } from './serialize-in-slices.ts';

type Execute = typeof execute;

/** Maximum errors of an answer: three personal fields in a page of 1,000 items. */
const MAX_ERRORS = 3_000;
/** Larger answers are serialised in slices. Unit: bytes. */
const SLICED_BYTES = 256 * 1024;

/** A result with its JSON. Yoga and `useServer` take it instead of serialising the result. */
export interface SerializedResult extends ExecutionResult {
  /** @param rest the members beside `data`, with masked errors */
  stringify?: (rest: ExecutionResult) => string;
}

/**
 * Returns graphql-js' `execute` with a bound on the answer: one that is larger becomes an error, and
 * the memory of any other is held until it is sent. A large answer is serialised here, in
 * slices, so that it does not occupy the event loop.
 */
export function createBoundedExecute(limits: Limits): Execute {
  const { maxAnswerBytes } = limits;

  function bounded(result: ExecutionResult, args: ExecutionArgs) {
    const { data, errors = [] } = result;
    const tooMany = errors.find(({ originalError }) => originalError instanceof TooManyItemsError);
    if (tooMany?.originalError) return failed(tooMany.originalError);
    if (errors.length > MAX_ERRORS) return failed(tooManyErrors());
    if (data == null && errors.length === 0) return result;
    const errorBytes = jsonSize(errors, maxAnswerBytes);
    if (errorBytes > maxAnswerBytes) return failed(tooLarge(limits));
    const { memory } = args.contextValue as RequestContext;
    const dataBytes = jsonSize(data, SLICED_BYTES);
    if (dataBytes > SLICED_BYTES) return serialized(result, errorBytes, memory).catch(failed);
    const held = memory?.hold(dataBytes + errorBytes);
    return held ? held.then(() => result, failed) : result;
  }

  async function serialized(
    result: ExecutionResult,
    errorBytes: number,
    memory: RequestContext['memory'],
  ): Promise<SerializedResult> {
    let bytes = errorBytes;
    await memory?.hold(errorBytes, false);
    const data = await serializeInSlices(result.data, {
      slices: workSlices.open(),
      onBytes(more) {
        bytes += more;
        if (bytes > maxAnswerBytes) throw tooLarge(limits);
        return memory?.hold(more, false);
      },
    });
    memory?.complete();
    return {
      ...result,
      stringify({ data: _, stringify: __, ...rest }: SerializedResult) {
        const others = JSON.stringify(rest).slice(1, -1);
        return `{${others}${others && ','}"data":${data}}`;
      },
    };
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

/** Each field that a viewer may not see is an error, with its path. */
function tooManyErrors(): EventlineError {
  return new EventlineError(
    'RESPONSE_TOO_LARGE',
    `The answer would have more than ${MAX_ERRORS} errors. Select only fields that the token may see, or ask for smaller pages.`,
  );
}

function failed(error: Error): ExecutionResult {
  return { errors: [new GraphQLError(error.message, { originalError: error })] };
}

import type { Plugin } from 'graphql-yoga';
import { type Limits, limitTable } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';

/** Values that a request may have, and more of them for each value of a filter's list. */
const LEAST_VALUES = 1_000;
const PER_FILTER_VALUE = 10;

type ValueLimits = Pick<Limits, 'maxFilterValues'>;

/**
 * Refuses requests with very many values before they wait for their turn. A value takes little of the
 * body and much memory, and each pass over the variables (validation, complexity, execution) takes
 * microseconds for each value, in one turn of the event loop.
 */
export function useFewValues(limits: ValueLimits): Plugin {
  return { onParams: ({ params }) => assertFewValues(params, limits) };
}

/**
 * Counts the values in a request, at any depth. Not recursive, so any depth works.
 * @throws EventlineError BAD_USER_INPUT
 */
export function assertFewValues(request: unknown, { maxFilterValues }: ValueLimits): void {
  const most = LEAST_VALUES + PER_FILTER_VALUE * maxFilterValues;
  let count = 0;
  const left = [request];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    const members = Object.values(value);
    count += members.length;
    if (count > most) {
      throw new EventlineError(
        'BAD_USER_INPUT',
        `The variables and extensions of a request may have ${most} values together (${LEAST_VALUES} and ${PER_FILTER_VALUE} times ${limitTable.maxFilterValues.setting}).`,
      );
    }
    left.push(...members);
  }
}

import type { NewEvent } from '../catalog/event.ts';
import { filterValue } from '../catalog/filter-keys.ts';
import { declaredValue } from '../catalog/well-formed.ts';
import type { StatusStep } from './chain-ties.ts';
import type { Occurrence } from './latest.ts';

const FROM_KEY = 'from_status';

/** Returns what an event says of its user's plan; undefined for nothing. */
export function statusStepOf(
  event: Pick<NewEvent, 'type' | 'payload'>,
  occurrence: Occurrence,
): StatusStep | undefined {
  const code = filterValue(event, 'statuses');
  if (typeof code !== 'number') return undefined;
  const from = declaredValue(event, FROM_KEY) as number | undefined;
  return { ...occurrence, code, ...(from !== undefined && { from }) };
}

import fc from 'fast-check';
import type { Viewer } from '../../src/auth/viewer.ts';
import { catalog } from '../../src/catalog/catalog.ts';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { DateRange, Filter } from '../../src/log/read/filter.ts';
import { anyFilter, someEvents } from '../log/some-events.ts';
import { anyPayload, anyViewer } from './any-viewer.ts';

/** A viewer and a filter. */
export interface Case {
  viewer: Viewer;
  filter: Filter;
}

const asUuid = (id: string) => `${id.slice(0, 8).padEnd(8, '0')}-0000-4000-8000-000000000000`;
const uuids: Readonly<Record<string, string>> = {
  aaaaaaaa: asUuid('aaaaaaaa'),
  bbbbbbbb: asUuid('bbbbbbbb'),
  cccccccc: asUuid('cccccccc'),
};
const toUuid = (id: string) => uuids[id] ?? asUuid('dddddddd');

/** Events of `someEvents` that GraphQL can show, with random payloads. */
export function someShownEvents(count: number, seed: number): NewEvent[] {
  const payloads = fc.sample(anyPayload, { numRuns: count, seed });
  return someEvents(count, seed).map((event, index) => ({
    ...event,
    payload: { ...payloads[index], ...event.payload },
    installationId: event.installationId && toUuid(event.installationId),
  }));
}

/** Random cases with filters that GraphQL accepts. */
export function someCases(count: number, seed: number): Case[] {
  return fc.sample(fc.record({ viewer: anyViewer, filter: anyFilter.map(toAcceptedFilter) }), {
    numRuns: count,
    seed,
  });
}

/** Restricts a filter to existing types, valid UUIDs and ordered ranges, as GraphQL requires. */
export function toAcceptedFilter(filter: Filter): Filter {
  const { types, installationIds } = filter;
  return {
    ...filter,
    types: types?.filter((type) => catalog.some(({ name }) => name === type)),
    installationIds: installationIds?.map(toUuid),
    occurredOn: inOrder(filter.occurredOn),
    receivedAt: inOrder(filter.receivedAt),
  };
}

function inOrder(range: DateRange | undefined): DateRange | undefined {
  if (!range?.from || !range.until || range.from <= range.until) return range;
  return { from: range.until, until: range.from };
}

/** Converts a filter to a GraphQL variable. */
export function toVariable({ types, ...filter }: Filter): object {
  return JSON.parse(JSON.stringify({ ...filter, types: types?.map((type) => type.toUpperCase()) }));
}

import { narrow } from '../../auth/viewer.ts';
import type { Lists, SubjectKey } from '../../projections/projections.ts';
import type { GraphqlContext } from '../context.ts';
import { type EventFilter, toFilter } from '../inputs/event-filter.ts';
import { loadersOf } from './loaders.ts';
import { type PageArguments, readPage } from './page.ts';
import { readWithin, sizeOfJson } from './read-within.ts';

type EventsArguments = PageArguments & {
  filter?: typeof EventFilter.$inferInput | null | undefined;
};

/** Returns a page of the events of one user or installation, batched with others. */
export async function readEventsOf(
  key: SubjectKey,
  id: string,
  { filter: input, ...page }: EventsArguments,
  context: GraphqlContext,
) {
  const { log, viewer, limits } = context;
  const filter = narrow(viewer, toFilter(input, limits));
  const { items, ...rest } = await readPage(context, page, {
    place: log.positionOf,
    read: (span, limit, direction) =>
      loadersOf(context).events(key, filter, { span, limit, direction }).load(id),
  });
  // Events after the cursor were removed since it was checked, so the page would be incomplete.
  if (page.after != null) await log.positionOf(page.after);
  return { ...rest, edges: items.map(({ cursor, item }) => ({ cursor, node: item })) };
}

/** Returns a page of a nested list, batched with others. */
export function readListOf<Name extends keyof Lists>(
  name: Name,
  key: SubjectKey,
  {
    id,
    query,
    page,
    context,
  }: { id: string; query: Record<string, unknown>; page: PageArguments; context: GraphqlContext },
) {
  return readPage<Lists[Name]>(context, page, {
    place: context.log.placeOf,
    read: (span, limit, direction) =>
      loadersOf(context).lists(name, key, query, { span, limit, direction }).load(id),
  });
}

/** Returns a page of a top-level list. */
export function readList<Name extends keyof Lists>(
  name: Name,
  {
    query,
    page,
    context,
  }: { query: Record<string, unknown>; page: PageArguments; context: GraphqlContext },
) {
  return readPage<Lists[Name]>(context, page, {
    place: context.log.placeOf,
    read: async (span, limit, direction) => ({
      items: await readWithin(
        context,
        () => context.views.list(name, { query, span, limit, direction }),
        sizeOfJson,
      ),
      isCut: false,
    }),
  });
}

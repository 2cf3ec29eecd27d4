import { narrow } from '../auth/viewer.ts';
import type { StoredEvent } from '../catalog/event.ts';
import { EventlineError } from '../errors.ts';
import { type Limits, limitTable } from '../limits.ts';
import type { Filter } from '../log/filter.ts';
import { builder } from './builder.ts';
import { DEFAULT_PAGE_SIZE } from './complexity.ts';
import type { GraphqlContext } from './context.ts';
import { EventFilter, FILTER_ARGUMENT, toFilter } from './event-filter.ts';
import { EventInterface } from './event-interface.ts';
import { CURSOR_EXAMPLE, withExample } from './with-example.ts';

interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

builder.queryField('events', (t) =>
  t.connection(
    {
      type: EventInterface,
      description: `The stored events in the order of the log, by pages (Relay): \`first\` with \`after\` goes forward, \`last\` with \`before\` backward. A page holds ${DEFAULT_PAGE_SIZE} unless told otherwise, ${limitTable.maxPageSize.byDefault} at most unless the server is told otherwise.`,
      args: {
        filter: t.arg({ type: EventFilter, description: FILTER_ARGUMENT }),
      },
      resolve: (_, { filter, ...page }, context) =>
        readPage(context, narrow(context.viewer, toFilter(filter, context.limits)), page),
    },
    {
      name: 'EventConnection',
      description:
        'A page of events. Example: `events(last: 10) { edges { node { typeName } } pageInfo { hasPreviousPage } }`.',
      fields: (f) => ({
        reached: f.exposeString('reached', {
          description: withExample(
            'The cursor up to which the log was looked through. Given as `after`, to this field or to a subscription, it goes on behind this page, also when nothing matched.',
            CURSOR_EXAMPLE,
          ),
        }),
      }),
    },
    { name: 'EventEdge', description: 'An event in a page, with its cursor.' },
  ),
);

/** A page in log order, exact about whether there is more on either side. */
async function readPage({ log, limits }: GraphqlContext, filter: Filter, page: PageArguments) {
  const { size, direction } = pageSize(page, limits);
  const { reader, cursors, follower } = log;
  const after = page.after == null ? 0 : await log.positionOf(page.after);
  const end = page.before == null ? follower.head() : (await log.positionOf(page.before)) - 1;
  const upTo = Math.max(after, end);
  // One more than asked for tells whether there is more this way.
  const { events, from } = await reader.read(
    { after, upTo },
    { filter, limit: size + 1, direction },
  );
  // Removed since the cursor was looked at: a page that leaves them out would be taken for whole.
  if (page.after != null && from > after) throw log.expired(from);
  const more = events.length > size;
  const forward = direction === 'forward';
  const shown = more ? (forward ? events.slice(0, size) : events.slice(1)) : events;
  const some = async (span: { after: number; upTo: number }, from: 'forward' | 'backward') =>
    (await reader.read(span, { filter, limit: 1, direction: from })).events.length > 0;

  return {
    reached: cursors.encode(forward && more ? (shown.at(-1)?.position ?? after) : upTo),
    edges: shown.map((node: StoredEvent) => ({ cursor: cursors.encode(node.position), node })),
    pageInfo: {
      startCursor: cursorOf(shown.at(0)),
      endCursor: cursorOf(shown.at(-1)),
      // Looked for only where it is selected: what is rare may lie far away.
      get hasNextPage() {
        if (forward && more) return true;
        return page.before != null && later(some({ after: end, upTo: follower.head() }, 'forward'));
      },
      get hasPreviousPage() {
        if (!forward && more) return true;
        return page.after != null && later(some({ after: 0, upTo: after }, 'backward'));
      },
    },
  };

  function cursorOf(event: StoredEvent | undefined): string | null {
    return event === undefined ? null : cursors.encode(event.position);
  }
}

/** Pothos wants the value itself; the executor awaits whatever a field gives. */
function later(value: Promise<boolean>): boolean {
  return value as unknown as boolean;
}

function pageSize({ first, last }: PageArguments, limits: Pick<Limits, 'maxPageSize'>) {
  if (first != null && last != null) {
    throw new EventlineError('BAD_USER_INPUT', 'Give `first` or `last`, not both.');
  }
  const name = last == null ? 'first' : 'last';
  const size = first ?? last ?? Math.min(DEFAULT_PAGE_SIZE, limits.maxPageSize);
  if (size < 0 || size > limits.maxPageSize) {
    throw new EventlineError(
      'BAD_USER_INPUT',
      `${name}: a page holds 0 to ${limits.maxPageSize} events, not ${size} (${limitTable.maxPageSize.setting}).`,
    );
  }
  return { size, direction: last == null ? ('forward' as const) : ('backward' as const) };
}

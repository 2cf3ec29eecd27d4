import { type Limits, limitTable } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import type { Span } from '../../log/read/log-reader.ts';
import { DEFAULT_PAGE_SIZE } from '../complexity.ts';
import type { GraphqlContext } from '../context.ts';

/** The arguments of Relay. */
export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

export type Direction = 'forward' | 'backward';

/** Where a connection's items come from: each at a position of its own, which is its cursor. */
export interface PageSource<Item> {
  /** The position of a cursor. @throws EventlineError CURSOR_INVALID, CURSOR_EXPIRED */
  place: (cursor: string) => Promise<number>;
  /**
   * The items of a span in the order of positions, as many as asked for: the first ones or, backward,
   * the last.
   */
  read: (span: Span, limit: number, direction: Direction) => Promise<Item[]>;
}

/** A page; its items become the nodes of its edges. */
export interface Page<Item> {
  /** The cursor up to which was looked. */
  reached: string;
  items: { cursor: string; item: Item }[];
  pageInfo: {
    startCursor: string | null;
    endCursor: string | null;
    hasNextPage: boolean;
    hasPreviousPage: boolean;
  };
}

/** Stands in the description of every connection. */
export const PAGE_NOTE = `by pages (Relay): \`first\` with \`after\` goes forward, \`last\` with \`before\` backward. A page holds ${DEFAULT_PAGE_SIZE} unless told otherwise, ${limitTable.maxPageSize.byDefault} at most unless the server is told otherwise.`;

/**
 * A page in the order of positions, exact about whether there is more on either side.
 * @throws EventlineError BAD_USER_INPUT, and what the source throws
 */
export async function readPage<Item extends { position: number }>(
  { log, limits }: GraphqlContext,
  page: PageArguments,
  { place, read }: PageSource<Item>,
): Promise<Page<Item>> {
  const { size, direction } = pageSize(page, limits);
  const { cursors, follower } = log;
  const after = page.after == null ? 0 : await place(page.after);
  const end = page.before == null ? follower.head() : (await place(page.before)) - 1;
  const upTo = Math.max(after, end);
  // One more than asked for tells whether there is more this way.
  const items = await read({ after, upTo }, size + 1, direction);
  const more = items.length > size;
  const forward = direction === 'forward';
  const shown = more ? (forward ? items.slice(0, size) : items.slice(1)) : items;
  const some = async (span: Span, from: Direction) => (await read(span, 1, from)).length > 0;
  const cursorOf = (item: Item | undefined) =>
    item === undefined ? null : cursors.encode(item.position);

  return {
    reached: cursors.encode(forward && more ? (shown.at(-1)?.position ?? after) : upTo),
    items: shown.map((item) => ({ cursor: cursors.encode(item.position), item })),
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
}

/** Pothos types `PageInfo` as if a getter could not bring a promise; the executor awaits it. */
function later(found: Promise<boolean>): boolean {
  return found as unknown as boolean;
}

/** @throws EventlineError BAD_USER_INPUT */
export function pageSize({ first, last }: PageArguments, limits: Pick<Limits, 'maxPageSize'>) {
  if (first != null && last != null) {
    throw new EventlineError('BAD_USER_INPUT', 'Give `first` or `last`, not both.');
  }
  const name = last == null ? 'first' : 'last';
  const size = first ?? last ?? Math.min(DEFAULT_PAGE_SIZE, limits.maxPageSize);
  if (size < 0 || size > limits.maxPageSize) {
    throw new EventlineError(
      'BAD_USER_INPUT',
      `${name}: a page holds 0 to ${limits.maxPageSize} items, not ${size} (${limitTable.maxPageSize.setting}).`,
    );
  }
  return { size, direction: last == null ? ('forward' as const) : ('backward' as const) };
}

import { type Limits, limitTable } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import type { Span } from '../../log/read/log-reader.ts';
import { DEFAULT_PAGE_SIZE } from '../complexity.ts';
import type { GraphqlContext } from '../context.ts';

/** Relay's arguments. */
export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

export type Direction = 'forward' | 'backward';

/** Source of a connection's items; each has its own position, which is its cursor. */
export interface PageSource<Item> {
  /** Returns the position of a cursor. @throws EventlineError CURSOR_INVALID, CURSOR_EXPIRED */
  place: (cursor: string) => Promise<number>;
  /**
   * Returns the first `limit` items of a span, or the last ones for `backward`, in the order of
   * positions.
   */
  read: (span: Span, limit: number, direction: Direction) => Promise<PageRead<Item>>;
}

export interface PageRead<Item> {
  items: Item[];
  /** True if there are more items in this direction that the page has no bytes for. */
  isCut: boolean;
}

/** A page; its items become the nodes of its edges. */
export interface Page<Item> {
  /** The cursor up to which the search went. */
  reached: string;
  items: { cursor: string; item: Item }[];
  pageInfo: {
    startCursor: string | null;
    endCursor: string | null;
    hasNextPage: boolean;
    hasPreviousPage: boolean;
  };
}

/** Part of the description of every connection. */
export const PAGE_NOTE = `in pages (Relay): \`first\` with \`after\` forward, \`last\` with \`before\` backward. A page holds ${DEFAULT_PAGE_SIZE} items by default and at most ${limitTable.maxPageSize.byDefault} (a limit of the server). A page of large items may hold fewer; \`pageInfo\` then says whether more follow.`;

/**
 * Returns a page in the order of positions, with exact page info on both sides.
 * @throws EventlineError BAD_USER_INPUT, and errors of the source
 */
export async function readPage<Item extends { position: number }>(
  { log, limits }: GraphqlContext,
  page: PageArguments,
  { place, read }: PageSource<Item>,
): Promise<Page<Item>> {
  const { size, direction } = pageSize(page, limits);
  const { cursors, tailer } = log;
  const after = page.after == null ? 0 : await place(page.after);
  const end = page.before == null ? tailer.head() : (await place(page.before)) - 1;
  const upTo = Math.max(after, end);
  // One more item than requested tells whether there is another page in this direction.
  const { items, isCut } = await read({ after, upTo }, size + 1, direction);
  const hasRest = items.length > size;
  const more = hasRest || isCut;
  const forward = direction === 'forward';
  const shown = hasRest ? (forward ? items.slice(0, size) : items.slice(1)) : items;
  const some = async (span: Span, from: Direction) => (await read(span, 1, from)).items.length > 0;
  const cursorOf = (item: Item | undefined) =>
    item === undefined ? null : cursors.encode(item.position);

  return {
    reached: cursors.encode(forward && more ? (shown.at(-1)?.position ?? after) : upTo),
    items: shown.map((item) => ({ cursor: cursors.encode(item.position), item })),
    pageInfo: {
      startCursor: cursorOf(shown.at(0)),
      endCursor: cursorOf(shown.at(-1)),
      // Evaluated only when selected: the next match may be far away.
      get hasNextPage() {
        if (forward && more) return true;
        return page.before != null && later(some({ after: end, upTo: tailer.head() }, 'forward'));
      },
      get hasPreviousPage() {
        if (!forward && more) return true;
        return page.after != null && later(some({ after: 0, upTo: after }, 'backward'));
      },
    },
  };
}

/** Pothos' type of `PageInfo` excludes promises, which the executor awaits. */
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

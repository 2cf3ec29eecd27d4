import { withExample } from '../with-example.ts';

/** A page whose items may be counted beside it. */
export interface CountedPage {
  /** Returns the number of items of all pages; absent where counting would need a scan. */
  total?: (() => Promise<number>) | undefined;
}

/** Options of the field `totalCount` of a connection. @param note when it is null */
export function totalCountField(note: string) {
  return {
    type: 'SafeInt' as const,
    nullable: true as const,
    description: withExample(
      `The number of items on all pages, as the database counts its documents; after a crash of the database it may be off. ${note}`,
      212,
    ),
    resolve: (page: unknown) => (page as CountedPage).total?.() ?? null,
  };
}

/** Adds the total to a page of a query without any condition. */
export function countedIf<P extends object>(
  isCheap: boolean,
  page: P,
  total: () => Promise<number>,
): P & CountedPage {
  return isCheap ? { ...page, total } : page;
}

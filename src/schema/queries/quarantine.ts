import { isStorableInstant } from '../../catalog/instants.ts';
import { EventlineError } from '../../errors.ts';
import type { QuarantineItem, QuarantinePlace } from '../../log/quarantine.ts';
import { builder } from '../builder.ts';
import { QuarantinedDelivery } from '../types/quarantined-delivery.ts';
import { totalCountField } from '../types/total-count.ts';
import { withExample } from '../with-example.ts';
import { isFieldSelected } from './is-field-selected.ts';
import { PAGE_NOTE, pageSize } from './page.ts';
import { readWithin } from './read-within.ts';

/** Quarantine cursors are separate from the cursors of the log. */
function toCursor({ firstAt, id }: QuarantineItem): string {
  return Buffer.from(`${firstAt.getTime()} ${id}`).toString('base64url');
}

/** @throws EventlineError CURSOR_INVALID */
function fromCursor(cursor: string | null | undefined): QuarantinePlace | undefined {
  if (cursor == null) return undefined;
  const [, ms, id] =
    /^(-?\d{1,16}) ([\da-f]{96})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const firstAt = new Date(Number(ms));
  if (id === undefined || !isStorableInstant(firstAt)) {
    throw new EventlineError('CURSOR_INVALID', 'This is not a cursor of the quarantine.');
  }
  return { firstAt, id };
}

builder.queryField('quarantine', (t) =>
  t.connection(
    {
      type: QuarantinedDelivery,
      skipTypeScopes: true,
      authScopes: { admin: true },
      description: `Refused deliveries in the order of first receipt, ${PAGE_NOTE} Needs the scope \`events:admin\`. Its cursors are valid for this field only.`,
      args: {
        problem: t.arg.string({
          description: withExample('Only deliveries refused for this problem.', 'invalid-envelope'),
        }),
      },
      async resolve(_, { problem, ...page }, context, info) {
        const { log, limits } = context;
        const { size, direction } = pageSize(page, limits);
        const [after, before] = [fromCursor(page.after), fromCursor(page.before)];
        const filter = { problem: problem ?? undefined, withBodies: false };
        const withBodies =
          isFieldSelected(info, ['edges', 'node', 'raw']) ||
          isFieldSelected(info, ['nodes', 'raw']);
        const { items: found, isCut } = await readWithin(
          context,
          (maxBytes) =>
            log.quarantine.page({
              ...{ ...filter, after, before, direction, limit: size + 1, maxBytes, withBodies },
            }),
          ({ items }) => items.reduce((sum, { rawBody }) => sum + (rawBody?.length ?? 0), 0),
        );
        const hasRest = found.length > size;
        const more = hasRest || isCut;
        const forward = direction === 'forward';
        const shown = hasRest ? (forward ? found.slice(0, size) : found.slice(1)) : found;
        const some = async (place: { after?: QuarantinePlace; before?: QuarantinePlace }) => {
          const at = { ...filter, ...place, isInclusive: true, limit: 1, maxBytes: 0, direction };
          return (await log.quarantine.page(at)).items.length > 0;
        };
        const edges = shown.map((node) => ({ cursor: toCursor(node), node }));
        return {
          edges,
          ...(problem == null && { total: log.quarantine.size }),
          pageInfo: {
            startCursor: edges.at(0)?.cursor ?? null,
            endCursor: edges.at(-1)?.cursor ?? null,
            hasNextPage: forward ? more : before !== undefined && (await some({ after: before })),
            hasPreviousPage: forward
              ? after !== undefined && (await some({ before: after }))
              : more,
          },
        };
      },
    },
    {
      name: 'QuarantineConnection',
      description:
        'A page of refused deliveries. Example: `quarantine(first: 10) { edges { node { problem } } }`.',
      fields: (f) => ({
        totalCount: f.field(totalCountField('Null with `problem`, where a scan would be needed.')),
      }),
    },
    { name: 'QuarantineEdge', description: 'A refused delivery in a page, with its cursor.' },
  ),
);

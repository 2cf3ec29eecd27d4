import { assertAdmin } from '../auth/assert-admin.ts';
import { scopes } from '../auth/viewer.ts';
import { EventlineError } from '../errors.ts';
import { type Limits, limitTable } from '../limits.ts';
import type { QuarantineItem, QuarantinePlace } from '../log/quarantine.ts';
import { builder } from './builder.ts';
import type { Retried } from './context.ts';
import { PAGE_NOTE, pageSize } from './page.ts';
import { selects } from './selects.ts';
import { CURSOR_EXAMPLE, withExample } from './with-example.ts';

const DIGEST_EXAMPLE = '3f9a01c2a4d1e8f07b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a';
const DIGEST = /^[\da-f]{64}$/;

const digestNote = withExample(
  'The SHA-256 of its bytes, in hex: what it is known by.',
  DIGEST_EXAMPLE,
);

const QuarantinedDelivery = builder.objectRef<QuarantineItem>('QuarantinedDelivery').implement({
  description:
    'A signed delivery that could not be accepted, kept whole. Example: `{ problem: "invalid-payload", detail: "payload.user_id: is missing", count: 1 }`.',
  fields: (t) => ({
    digest: t.exposeString('id', { description: digestNote }),
    problem: t.exposeString('problem', {
      description: withExample('Why, as the webhook names it.', 'invalid-payload'),
    }),
    detail: t.exposeString('detail', {
      description: withExample('What is wrong, and where.', 'payload.user_id: is missing'),
    }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      description: withExample('When it came first.', '2021-09-14T15:55:13.005Z'),
    }),
    lastAt: t.expose('lastAt', {
      type: 'DateTime',
      description: withExample('When it came last.', '2021-09-14T15:55:13.005Z'),
    }),
    count: t.exposeInt('count', { description: withExample('How often it came.', 1) }),
    sizeBytes: t.exposeInt('bytes', {
      description: withExample('How long the body is. Unit: bytes.', 212),
    }),
    raw: t.string({
      nullable: true,
      authScopes: (_, __, { viewer }) => viewer.scopes.has(scopes.personal),
      unauthorizedError: () =>
        new EventlineError(
          'FORBIDDEN',
          `A body holds what is personal: the scope ${scopes.personal} is needed.`,
        ),
      description: withExample(
        'The body as text (UTF-8; what is none is shown as U+FFFD). It holds what is personal: for `pii:read`; for others null, with an error.',
        '{"type":"app_opened"}',
      ),
      resolve: ({ rawBody }) => rawBody?.toString('utf8') ?? null,
    }),
  }),
});

/** A place in the quarantine is no place in the log, and its cursor none of the log's. */
function toCursor({ firstAt, id }: QuarantineItem): string {
  return Buffer.from(`${firstAt.getTime()} ${id}`).toString('base64url');
}

/** @throws EventlineError CURSOR_INVALID */
function fromCursor(cursor: string | null | undefined): QuarantinePlace | undefined {
  if (cursor == null) return undefined;
  const [, ms, id] =
    /^(-?\d{1,16}) ([\da-f]{64})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const firstAt = new Date(Number(ms));
  if (id === undefined || Number.isNaN(firstAt.getTime())) {
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
      description: `What was refused and kept, in the order in which it came first, ${PAGE_NOTE} Needs the scope \`events:admin\`. Its cursors are of no other field.`,
      args: {
        problem: t.arg.string({
          description: withExample('Only what was refused for this.', 'invalid-payload'),
        }),
      },
      async resolve(_, { problem, ...page }, { log, limits }, info) {
        const { size, direction } = pageSize(page, limits);
        const [after, before] = [fromCursor(page.after), fromCursor(page.before)];
        const wanted = { problem: problem ?? undefined, withBodies: false };
        const found = await log.quarantine.page({
          ...{ ...wanted, after, before, direction, limit: size + 1 },
          withBodies: selects(info, ['edges', 'node', 'raw']),
        });
        const more = found.length > size;
        const forward = direction === 'forward';
        const shown = more ? (forward ? found.slice(0, size) : found.slice(1)) : found;
        const some = async (place: { after?: QuarantinePlace; before?: QuarantinePlace }) =>
          (await log.quarantine.page({ ...wanted, ...place, limit: 1, direction })).length > 0;
        const edges = shown.map((node) => ({ cursor: toCursor(node), node }));
        return {
          edges,
          pageInfo: {
            startCursor: edges.at(0)?.cursor ?? null,
            endCursor: edges.at(-1)?.cursor ?? null,
            hasNextPage: forward
              ? more
              : before !== undefined && (await some({ after: justBefore(before) })),
            hasPreviousPage: forward
              ? after !== undefined && (await some({ before: justAfter(after) }))
              : more,
          },
        };
      },
    },
    {
      name: 'QuarantineConnection',
      description:
        'A page of refused deliveries. Example: `quarantine(first: 10) { edges { node { problem } } }`.',
    },
    { name: 'QuarantineEdge', description: 'A refused delivery in a page, with its cursor.' },
  ),
);

/** Places between which the one that was given lies, so that it counts itself. */
const justBefore = ({ firstAt, id }: QuarantinePlace) => ({ firstAt, id: neighbour(id, -1) });
const justAfter = ({ firstAt, id }: QuarantinePlace) => ({ firstAt, id: neighbour(id, 1) });

function neighbour(id: string, step: 1 | -1): string {
  const number = BigInt(`0x${id}`) + BigInt(step);
  return (number < 0n ? 0n : number).toString(16).padStart(64, '0').slice(-64);
}

const RetryStatus = builder.enumType('RetryStatus', {
  description: 'What became of a refused delivery that was tried again.',
  values: {
    STORED: { description: 'It is in the log now.' },
    DUPLICATE: { description: 'It was in the log already.' },
    REFUSED: { description: 'It is still not acceptable, and stays.' },
    ERASED: { description: 'Its user was erased; it is in no place any more.' },
    GONE: { description: 'It was not in quarantine any more.' },
    FAILED: { description: 'It could not be tried to the end; it is still there.' },
  } as const,
});

const RetriedDelivery = builder.objectRef<Retried>('RetriedDelivery').implement({
  description:
    'A refused delivery that was tried again. Example: `{ digest: "3f9a…", status: STORED }`.',
  fields: (t) => ({
    digest: t.exposeString('id', { description: digestNote }),
    status: t.field({
      type: RetryStatus,
      description: 'What became of it.',
      resolve: ({ status }) => status.toUpperCase() as Uppercase<Retried['status']>,
    }),
    cursor: t.string({
      nullable: true,
      description: withExample('Its place in the log, if it is there.', CURSOR_EXAMPLE),
      resolve: (retried, _, { log }) =>
        'position' in retried ? log.cursors.encode(retried.position) : null,
    }),
    detail: t.string({
      nullable: true,
      description: withExample('Why it is still refused.', 'payload.user_id: is missing'),
      resolve: (retried) => ('detail' in retried ? retried.detail : null),
    }),
  }),
});

const digestsArgument = {
  required: true,
  description: withExample('Which: their `digest`s, each once.', [DIGEST_EXAMPLE]),
} as const;

/** @throws EventlineError BAD_USER_INPUT */
function digestsOf(given: readonly string[], limits: Pick<Limits, 'maxFilterValues'>): string[] {
  if (given.length > limits.maxFilterValues) {
    throw new EventlineError(
      'BAD_USER_INPUT',
      `digests: at most ${limits.maxFilterValues} values are taken, not ${given.length} (${limitTable.maxFilterValues.setting}).`,
    );
  }
  const digests = [...new Set(given.map((digest) => digest.toLowerCase()))];
  if (digests.every((digest) => DIGEST.test(digest))) return digests;
  throw new EventlineError(
    'BAD_USER_INPUT',
    'digests: expected 64 characters of 0-9 and a-f each.',
  );
}

builder.mutationFields((t) => ({
  retryQuarantined: t.field({
    type: [RetriedDelivery],
    description:
      'Tries refused deliveries again with the catalog of now, in the order given. What is acceptable is stored as received when it came first, once, and leaves the quarantine; run it again where one has failed.',
    args: { digests: t.arg.stringList(digestsArgument) },
    async resolve(_, { digests }, { viewer, limits, retryRejected }) {
      assertAdmin(viewer);
      const tried: Retried[] = [];
      const wanted = digestsOf(digests, limits);
      for await (const retried of retryRejected(wanted)) tried.push(retried);
      // The log went away: what was not begun is told as well.
      const rest = wanted.slice(tried.length);
      return [...tried, ...rest.map((id) => ({ id, status: 'failed' as const, error: undefined }))];
    },
  }),
  dropQuarantined: t.stringList({
    description:
      'Lets refused deliveries go for ever, and answers with the digests of those that went. Example: `["3f9a01c2…"]`.',
    args: { digests: t.arg.stringList(digestsArgument) },
    async resolve(_, { digests }, { viewer, log, limits }) {
      assertAdmin(viewer);
      const wanted = digestsOf(digests, limits);
      const gone = await Promise.all(wanted.map((id) => log.quarantine.remove(id)));
      return wanted.filter((_, index) => gone[index]);
    },
  }),
}));

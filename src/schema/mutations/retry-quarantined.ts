import { assertAdmin } from '../../auth/assert-admin.ts';
import { type Limits, limitTable } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { Retried } from '../context.ts';
import { DIGEST_EXAMPLE, digestNote } from '../types/quarantined-delivery.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';

const DIGEST = /^[\da-f]{96}$/;

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
    'digests: expected 96 characters of 0-9 and a-f each.',
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
      // The log became unavailable: report the remaining deliveries as well.
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

import { assertAdmin } from '../../auth/assert-admin.ts';
import { type Limits, limitTable } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { Retried } from '../context.ts';
import { DIGEST_EXAMPLE, digestNote } from '../types/quarantined-delivery.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';

const DIGEST = /^[\da-f]{96}$/;

const RetryStatus = builder.enumType('RetryStatus', {
  description: 'The outcome of a retried delivery.',
  values: {
    STORED: { description: 'Now stored in the log.' },
    DUPLICATE: { description: 'Already in the log.' },
    REFUSED: { description: 'Still refused; stays in quarantine.' },
    ERASED: { description: 'Its user was erased, so it was removed.' },
    GONE: { description: 'No longer in quarantine.' },
    FAILED: { description: 'The retry failed; it is still in quarantine.' },
  } as const,
});

const RetriedDelivery = builder.objectRef<Retried>('RetriedDelivery').implement({
  description: 'A retried delivery. Example: `{ digest: "3f9a…", status: STORED }`.',
  fields: (t) => ({
    digest: t.exposeString('id', { description: digestNote }),
    status: t.field({
      type: RetryStatus,
      description: 'The outcome of the retry.',
      resolve: ({ status }) => status.toUpperCase() as Uppercase<Retried['status']>,
    }),
    cursor: t.string({
      nullable: true,
      description: withExample('Its position in the log, once it is known.', CURSOR_EXAMPLE),
      resolve: (retried, _, { log }) =>
        'position' in retried && retried.position !== undefined
          ? log.cursors.encode(retried.position)
          : null,
    }),
    detail: t.string({
      nullable: true,
      description: withExample('The reason if it is still refused.', 'payload.user_id: is missing'),
      resolve: (retried) => ('detail' in retried ? retried.detail : null),
    }),
  }),
});

/** The answer does not have the event, which may be large: all of them are held until the end. */
function withoutEvent(retried: Retried): Retried {
  return 'event' in retried ? { ...retried, event: undefined } : retried;
}

const digestsArgument = {
  required: true,
  description: withExample('The `digest`s of the deliveries, without duplicates.', [
    DIGEST_EXAMPLE,
  ]),
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
      'Retries refused deliveries with the current catalog, in the given order. An accepted delivery is stored once, with its first time of receipt, and leaves the quarantine. Call it again for deliveries that failed.',
    args: { digests: t.arg.stringList(digestsArgument) },
    async resolve(_, { digests }, { viewer, limits, retryRejected }) {
      assertAdmin(viewer);
      const tried: Retried[] = [];
      const digestList = digestsOf(digests, limits);
      for await (const retried of retryRejected(digestList)) tried.push(withoutEvent(retried));
      // The log became unavailable: report the remaining deliveries as well.
      const rest = digestList.slice(tried.length);
      return [...tried, ...rest.map((id) => ({ id, status: 'failed' as const, error: undefined }))];
    },
  }),
  dropQuarantined: t.stringList({
    description:
      'Permanently removes refused deliveries and returns the digests of the removed ones. Example: `["3f9a01c2…"]`.',
    args: { digests: t.arg.stringList(digestsArgument) },
    async resolve(_, { digests }, { viewer, log, limits }) {
      assertAdmin(viewer);
      const digestList = digestsOf(digests, limits);
      const gone = await Promise.all(digestList.map((id) => log.quarantine.drop(id)));
      return digestList.filter((_, index) => gone[index]);
    },
  }),
}));

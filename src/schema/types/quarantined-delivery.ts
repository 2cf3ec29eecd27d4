import { scopes } from '../../auth/viewer.ts';
import { EventlineError } from '../../errors.ts';
import type { QuarantineItem } from '../../log/quarantine.ts';
import { builder } from '../builder.ts';
import { LARGE } from '../complexity.ts';
import { withExample } from '../with-example.ts';

/** An example that no delivery has. */
export const DIGEST_EXAMPLE =
  '3f9a01c2a4d1e8f07b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a5f0c1e2d3b4a69788796a5b4c3d2e1f0';

export const digestNote = withExample(
  'Id of the refused delivery in this log: the encrypted SHA-256 of its bytes, as 96 hexadecimal characters. Identical bytes have the same digest.',
  DIGEST_EXAMPLE,
);

export const QuarantinedDelivery = builder
  .objectRef<QuarantineItem>('QuarantinedDelivery')
  .implement({
    description:
      'A signed delivery that was refused and stored whole. Example: `{ problem: "invalid-envelope", detail: "payload: expected an object, got a number", count: 1 }`.',
    fields: (t) => ({
      digest: t.exposeString('id', { description: digestNote }),
      problem: t.exposeString('problem', {
        description: withExample("The webhook's name of the problem.", 'invalid-envelope'),
      }),
      detail: t.exposeString('detail', {
        description: withExample(
          'The fault and its location.',
          'payload: expected an object, got a number',
        ),
      }),
      firstAt: t.expose('firstAt', {
        type: 'DateTime',
        description: withExample('First time of receipt.', '2021-09-14T15:55:13.005Z'),
      }),
      lastAt: t.expose('lastAt', {
        type: 'DateTime',
        description: withExample('Last time of receipt.', '2021-09-14T15:55:13.005Z'),
      }),
      count: t.exposeInt('count', { description: withExample('Number of receipts.', 1) }),
      sizeBytes: t.exposeInt('bytes', {
        description: withExample('Size of the body in bytes.', 212),
      }),
      raw: t.string({
        extensions: LARGE,
        nullable: true,
        authScopes: (_, __, { viewer }) => viewer.scopes.has(scopes.personal),
        unauthorizedError: () =>
          new EventlineError(
            'FORBIDDEN',
            `A body holds what is personal: the scope ${scopes.personal} is needed.`,
          ),
        description: withExample(
          'The body as UTF-8 text; invalid bytes appear as U+FFFD. It may contain personal data and needs `pii:read`; otherwise null with an error.',
          '{"type":"app_opened"}',
        ),
        resolve: ({ rawBody }) => rawBody?.toString('utf8') ?? null,
      }),
    }),
  });

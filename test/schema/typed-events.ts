import fc from 'fast-check';
import { catalog, UNKNOWN } from '../../src/catalog/catalog.ts';
import type { StoredEvent } from '../../src/catalog/event.ts';
import { anyPayload } from '../auth/any-viewer.ts';

const instant = fc.integer({ min: 0, max: 2 ** 41 }).map((ms) => new Date(ms));
const kinds = [
  ...catalog.map(({ name, example }) => ({ name, example })),
  { name: UNKNOWN, example: {} },
];

/**
 * Events of every type as the webhook would create them, with undeclared keys, of few users or
 * none.
 */
export const typedEvent: fc.Arbitrary<StoredEvent> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    userId: fc.option(fc.constantFrom('1', '2', '3', 'a.b', 'null')),
    installationId: fc.option(fc.uuid()),
    position: fc.integer({ min: 1, max: 2 ** 40 }),
    occurredOn: instant,
    receivedAt: instant,
    grown: anyPayload,
    text: fc.string({ unit: 'binary' }),
  })
  .map(({ kind, digest, grown, text, ...rest }) => ({
    ...rest,
    type: kind.name,
    typeName: kind.name === UNKNOWN ? `x${text}` : kind.name,
    digest: Buffer.from(digest),
    occurredText: '',
    payload: { text, ...grown, ...kind.example },
    extra: null,
  }));

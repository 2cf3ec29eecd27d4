import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVerifier } from '../../src/webhook/verify-signature.ts';
import { assertEqual, checkDelivery } from './check-delivery.ts';
import { generatedBody } from './generate/body.ts';
import { generatedSignatures, headerOf, SECRETS } from './generate/signatures.ts';
import { printCount, runProperty, seed } from './run-property.ts';

const DELIVERIES = 97_000;
/** A generator that makes less than this of one kind would find nothing there. */
const LEAST_PART = 0.005;

test(`the webhook and libraries read ${DELIVERIES} deliveries alike`, async () => {
  const verify = createVerifier(SECRETS);
  const counts = { taken: 0, 'invalid-json': 0, 'json-not-exact': 0, 'invalid-envelope': 0 };
  const property = fc.property(generatedBody, generatedSignatures, (body, signatures) => {
    const { header, isValid } = headerOf(signatures, body.bytes);
    assertEqual('the signature', verify(body.bytes, header) === 'valid', isValid);
    counts[checkDelivery(body)] += 1;
  });
  await runProperty(property, DELIVERIES);
  printCount(`${DELIVERIES} deliveries in process, FUZZ_SEED=${seed}: ${JSON.stringify(counts)}`);
  for (const count of Object.values(counts)) {
    expect(count).toBeGreaterThan(DELIVERIES * LEAST_PART);
  }
});

import fc from 'fast-check';
import { type GeneratedBody, generatedBody } from './body.ts';
import { type GeneratedSignatures, generatedSignatures } from './signatures.ts';

/** A request as a sender writes it. */
export interface GeneratedRequest {
  body: GeneratedBody;
  signatures: GeneratedSignatures;
  target: string;
  /** Whether deliveries are taken at the target. */
  isRightPath: boolean;
  /** Header lines beside those of the signature and the length. */
  lines: readonly string[];
  /** Sizes of the chunks, repeated until the body ends; empty for a body with a length. */
  chunkSizes: readonly number[];
}

const RIGHT_PATHS = [
  '/webhooks/events',
  '/webhooks/events/',
  '//webhooks/events',
  '/webhooks/%65vents?a=b',
];
const WRONG_PATHS = ['/nothing', '/webhooks', '/graphql'];

const line = (name: string, values: readonly string[]) =>
  fc
    .option(fc.constantFrom(...values), { freq: 2 })
    .map((value) => (value === null ? [] : [`${name}: ${value}`]));

/** Requests whose headers say anything about the body. */
export const generatedRequest: fc.Arbitrary<GeneratedRequest> = fc
  .record({
    body: generatedBody,
    signatures: generatedSignatures,
    target: fc.oneof(
      { arbitrary: fc.constantFrom(...RIGHT_PATHS), weight: 9 },
      { arbitrary: fc.constantFrom(...WRONG_PATHS), weight: 1 },
    ),
    contentType: line('content-TYPE', [
      ...['application/json', 'text/plain;charset=UTF-8', 'application/json; charset=us-ascii', ''],
      ...['application/json, application/json', 'application/x-www-form-urlencoded', ';;', 'a b'],
    ]),
    contentEncoding: line('Content-Encoding', [
      '',
      'identity',
      'UTF-8',
      'none',
      'gzip',
      'br, zstd',
    ]),
    expect: line('Expect', ['', '100-continue']),
    chunkSizes: fc.oneof(
      fc.constant<number[]>([]),
      // A body in too many small chunks is refused.
      fc
        .array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 })
        .map((sizes) => [...sizes, 300]),
    ),
  })
  .map(({ contentType, contentEncoding, expect, ...request }) => ({
    ...request,
    isRightPath: RIGHT_PATHS.includes(request.target),
    lines: [...contentType, ...contentEncoding, ...expect],
  }));

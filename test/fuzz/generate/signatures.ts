import { createHmac } from 'node:crypto';
import fc from 'fast-check';

/** Signatures that a request may have; one of the valid forms among the first eight makes it valid. */
export interface GeneratedSignatures {
  parts: readonly { form: string; secret: string }[];
  separators: readonly string[];
}

/** Secrets of the server, and another one. */
export const SECRETS: readonly string[] = ['the-first-secret-of-24-c', 'the-second, with a comma'];
const OTHER_SECRET = 'a-secret-of-someone-else';
const MAX_SIGNATURES = 8;

const validForms: Readonly<Record<string, (digest: Buffer) => string>> = {
  usual: (digest) => `sha256=${digest.toString('base64')}`,
  'no prefix': (digest) => digest.toString('base64'),
  'no padding': (digest) => `sha256=${digest.toString('base64').replace('=', '')}`,
  hex: (digest) => `sha256=${digest.toString('hex')}`,
  'HEX, no prefix': (digest) => digest.toString('hex').toUpperCase(),
  'other case': (digest) => `SHA256=${digest.toString('base64')}`,
  'space behind the prefix': (digest) => `sha256= ${digest.toString('base64')}`,
};
const otherForms: Readonly<Record<string, (digest: Buffer) => string>> = {
  'another algorithm': (digest) => `sha1=${digest.toString('base64')}`,
  'cut short': (digest) => `sha256=${digest.toString('base64').slice(0, -3)}`,
  'one digit off': (digest) =>
    `sha256=${digest.toString('base64').replace(/./, (char) => (char === 'A' ? 'B' : 'A'))}`,
  'a byte more': (digest) =>
    `sha256=${Buffer.concat([digest, digest.subarray(0, 1)]).toString('base64')}`,
  word: () => 'signature',
};

/** Lists of signatures, most of them with a valid one. */
export const generatedSignatures: fc.Arbitrary<GeneratedSignatures> = fc.record({
  parts: fc.array(
    fc.record({
      form: fc.oneof(
        { arbitrary: fc.constantFrom(...Object.keys(validForms)), weight: 3 },
        { arbitrary: fc.constantFrom(...Object.keys(otherForms)), weight: 1 },
      ),
      secret: fc.constantFrom(...SECRETS, OTHER_SECRET),
    }),
    { maxLength: 10 },
  ),
  separators: fc.array(fc.constantFrom(',', ', ', ' ', '\t', ' , ,'), {
    minLength: 10,
    maxLength: 10,
  }),
});

/** Returns the value of `X-Signature` for a body, and whether it is valid. */
export function headerOf({ parts, separators }: GeneratedSignatures, body: Buffer) {
  const texts = parts.map(({ form, secret }) => {
    const digest = createHmac('sha256', secret).update(body).digest();
    return (validForms[form] ?? otherForms[form])?.(digest) ?? '';
  });
  const isValid = parts
    .slice(0, MAX_SIGNATURES)
    .some(({ form, secret }) => form in validForms && SECRETS.includes(secret));
  return { header: texts.map((text, index) => text + separators[index]).join(''), isValid };
}

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { catalog } from '../../../src/catalog/catalog.ts';
import { instantText, usualInstantText } from './instant-text.ts';
import { memberText, objectText, scalarText, stringText, valueText } from './json-text.ts';

/** The bytes of a body, and whether they begin as compressed ones do; those of Brotli do not. */
export interface GeneratedBody {
  bytes: Buffer;
  isCompressed: boolean;
}

const typeText = fc.oneof(
  { arbitrary: fc.constantFrom(...catalog.map(({ name }) => JSON.stringify(name))), weight: 6 },
  { arbitrary: stringText, weight: 2 },
  {
    arbitrary: fc
      .tuple(
        fc.constantFrom('t', 'ñ', '😀', '\\u0074', '\\ud83d\\ude00'),
        fc.integer({ min: 126, max: 130 }),
      )
      .map(([char, count]) => `"${char.repeat(count)}"`),
    weight: 1,
  },
  { arbitrary: scalarText, weight: 1 },
);

const occurredText = fc.oneof(
  { arbitrary: usualInstantText.map((text) => JSON.stringify(text)), weight: 12 },
  { arbitrary: instantText.map((text) => JSON.stringify(text)), weight: 5 },
  { arbitrary: scalarText, weight: 1 },
);

/** The sender's examples with some members replaced. */
const examplePayload = fc
  .tuple(
    fc.constantFrom(...catalog.map(({ example }) => example)),
    fc.dictionary(fc.constantFrom('user_id', 'status', 'email', 'professional_id'), scalarText, {
      maxKeys: 2,
    }),
  )
  .map(([example, changes]) => {
    const members = Object.entries(example).map(
      ([key, value]) => [key, JSON.stringify(value)] as const,
    );
    const changed = new Map<string, string>([...members, ...Object.entries(changes)]);
    return `{${[...changed].map(([key, text]) => `"${key}":${text}`).join()}}`;
  });

const payloadText = fc.oneof(
  { arbitrary: examplePayload, weight: 4 },
  { arbitrary: objectText, weight: 6 },
  { arbitrary: fc.constantFrom('[]', 'null', '""', '{}', '[{}]', '" "', '0', 'false'), weight: 1 },
);

const key = (name: string) =>
  fc.oneof(
    { arbitrary: fc.constant(`"${name}"`), weight: 30 },
    {
      arbitrary: fc.constant(`"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`),
      weight: 1,
    },
  );

const envelopeText = fc
  .tuple(
    fc.tuple(
      fc.option(memberText(key('type'), typeText), { freq: 60 }),
      fc.option(memberText(key('occurred_on'), occurredText), { freq: 60 }),
      fc.option(memberText(key('payload'), payloadText), { freq: 20 }),
    ),
    fc.oneof(
      { arbitrary: fc.constant<string[]>([]), weight: 5 },
      {
        arbitrary: fc.array(
          memberText(
            fc.constantFrom(
              '"event_id"',
              '"v"',
              '"__proto__"',
              '"type"',
              '"Payload"',
              '"typ\\u0065"',
            ),
            valueText,
          ),
          { maxLength: 3 },
        ),
        weight: 1,
      },
    ),
    fc.boolean(),
  )
  .map(([declared, others, isOtherFirst]) => {
    const members = declared.filter((member) => member !== null);
    return `{${(isOtherFirst ? [...others, ...members] : [...members, ...others]).join(',')}}`;
  });

/** A change of the bytes at a place, given as a part of their length. */
interface Edit {
  at: number;
  removed: number;
  added: Uint8Array;
}

const someBytes = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc
    .constantFrom(
      ...[
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '0',
        '-',
        '.',
        'e',
        '\ufeff',
        '//',
        '/**/',
        '\u00a0',
      ],
      ...['\\u00', 'NaN', "'", '\0', '\n', '\v', 'true', '\ud7ff', '"a":1,"a":2,', '01', '+1'],
    )
    .map((text) => Buffer.from(text)),
  fc
    .constantFrom('c080', 'eda080', 'f4908080', 'ff', 'e282', 'f09f98', 'efbbbf')
    .map((hex) => Buffer.from(hex, 'hex')),
);

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat({ max: 4 }),
  added: someBytes,
});

function edited(bytes: Buffer, { at, removed, added }: Edit): Buffer {
  const start = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, start), added, bytes.subarray(start + removed)]);
}

const text = fc.oneof(
  { arbitrary: envelopeText, weight: 30 },
  { arbitrary: valueText, weight: 1 },
  { arbitrary: fc.string({ unit: 'binary' }), weight: 1 },
);

/** How the bytes are written; mostly as they are. */
const encode = fc.oneof(
  { arbitrary: fc.constant('utf8'), weight: 60 },
  {
    arbitrary: fc.constantFrom(
      'bom',
      'two boms',
      'latin1',
      'utf16le',
      'cut',
      'gzip',
      'deflate',
      'br',
    ),
    weight: 2,
  },
);

const encodings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  bom: (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]),
  'two boms': (bytes) => Buffer.concat([Buffer.from('\ufeff\ufeff'), bytes]),
  latin1: (bytes) => Buffer.from(bytes.toString(), 'latin1'),
  utf16le: (bytes) => Buffer.from(bytes.toString(), 'utf16le'),
  cut: (bytes) => bytes.subarray(0, bytes.length / 2),
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
};

/** Makes fast-check print the bytes as a text in Latin-1. */
function printable(body: GeneratedBody): GeneratedBody {
  const print = () => `body (Latin-1): ${JSON.stringify(body.bytes.toString('latin1'))}`;
  return Object.defineProperty(body, fc.toStringMethod, { value: print });
}

/** Bodies: deliveries in any notation of JSON, most of them valid, and broken ones. */
export const generatedBody: fc.Arbitrary<GeneratedBody> = fc
  .record({
    text,
    edits: fc.oneof(
      { arbitrary: fc.constant<Edit[]>([]), weight: 3 },
      { arbitrary: fc.array(edit, { minLength: 1, maxLength: 2 }), weight: 1 },
    ),
    encoding: encode,
  })
  .map(({ text: json, edits, encoding }) => {
    const bytes = edits.reduce(edited, Buffer.from(json));
    const isCompressed = ['gzip', 'deflate'].includes(encoding);
    return printable({ bytes: encodings[encoding]?.(bytes) ?? bytes, isCompressed });
  });

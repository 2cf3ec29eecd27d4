import fc from 'fast-check';

/** White space between tokens (RFC 8259 §2), mostly none. */
const space = fc.oneof(
  { arbitrary: fc.constant(''), weight: 8 },
  { arbitrary: fc.constantFrom(' ', '\n', '\t', '\r\n', '  '), weight: 1 },
);

/** A part of a string token: characters, escapes, surrogates in pairs and alone. */
const stringPart = fc.oneof(
  { arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 6 }).map(escaped), weight: 4 },
  {
    arbitrary: fc.constantFrom(
      ...['ñ', '€', '😀', '\u2028', '\u0085', '\ufeff', '\u007f', '\ufffd', '\u202e', 'e\u0301'],
      ...[
        '\\n',
        '\\"',
        '\\\\',
        '\\/',
        '\\b',
        '\\u0041',
        '\\u00E9',
        '\\u00e9',
        '\\u0000',
        '\\u001f',
      ],
      ...['\\ud83d\\ude00', '\\uD83D\\uDE00', '\\ud83d', '\\uDE00', '\\ude00\\ud83d', '\\\\ud83d'],
    ),
    weight: 1,
  },
);

function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

/** The text of a JSON string. */
export const stringText = fc
  .array(stringPart, { maxLength: 4 })
  .map((parts) => `"${parts.join('')}"`);

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 25 });
const wholeText = digits.map((text) => text.replace(/^0+(?=\d)/, ''));

/** The text of a JSON number, often at the edge of what a double holds. */
export const numberText = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
  fc
    .bigInt({ min: -2n, max: 2n })
    .chain((step) =>
      fc.constantFrom(
        ...[2n ** 53n + step, -(2n ** 53n) + step, 2n ** 31n + step, 2n ** 63n + step].map(String),
      ),
    ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.constantFrom(
    ...['-0', '0', '-0.0', '0e0', '1e21', '1E+400', '-1e400', '1e-400', '5e-324', '1.0', '100e-2'],
    ...['1.7976931348623157e308', '1.7976931348623159e308', '0.1', '9007199254740993.0'],
  ),
  fc
    .tuple(wholeText, digits, fc.integer({ min: -330, max: 330 }))
    .map(([whole, fraction, exponent]) => `${whole}.${fraction}e${exponent}`),
);

/** Keys with a meaning for the catalog, JavaScript, BSON or rights, and any others. */
const keyText = fc.oneof(
  {
    arbitrary: fc
      .constantFrom(
        ...[
          'user_id',
          'installation_id',
          'message_id',
          'status',
          'email',
          'mobile_phone',
          'from_status',
        ],
        ...[
          '__proto__',
          'constructor',
          'toString',
          'toJSON',
          'toBSON',
          'then',
          'length',
          '',
          '0',
          '1',
        ],
        ...['_bsontype', '$ref', '$id', '$db', '$where', 'a.b', '_id', 'a', 'b', 'type', 'payload'],
      )
      .map((key) => `"${key}"`),
    weight: 3,
  },
  { arbitrary: fc.constantFrom('"\\u0061"', '"a\\u0000"', '"\\ud83d"', '"\\\\ud83d"'), weight: 1 },
  { arbitrary: stringText, weight: 1 },
);

const deep = fc
  .tuple(fc.integer({ min: 55, max: 70 }), fc.constantFrom('[]', '{}'))
  .map(([levels, [open, close]]) =>
    open === '['
      ? '['.repeat(levels) + ']'.repeat(levels)
      : `${'{"a":'.repeat(levels)}0${close?.repeat(levels)}`,
  );

/** The text of a JSON scalar. */
export const scalarText = fc.oneof(
  { arbitrary: stringText, weight: 3 },
  { arbitrary: numberText, weight: 3 },
  { arbitrary: fc.constantFrom('null', 'true', 'false', '"5"', '"ios"', '""'), weight: 2 },
);

/** Texts of any JSON value, and of objects. */
export const { value: valueText, object: objectText } = fc.letrec<{
  value: string;
  array: string;
  object: string;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { arbitrary: scalarText, weight: 400 },
    { arbitrary: tie('array'), weight: 50 },
    { arbitrary: tie('object'), weight: 100 },
    { arbitrary: deep, weight: 1 },
  ),
  array: fc
    .tuple(space, fc.array(tie('value'), { maxLength: 4 }))
    .map(([between, items]) => `[${between}${items.join(`${between},`)}]`),
  object: fc
    .tuple(space, fc.array(memberText(keyText, tie('value')), { maxLength: 5 }))
    .map(([between, members]) => `{${members.join(`${between},`)}${between}}`),
}));

/** The text of a member: a key, a colon, and a value. */
export function memberText(key: fc.Arbitrary<string>, value: fc.Arbitrary<string>) {
  return fc.tuple(key, space, value).map(([name, gap, text]) => `${name}${gap}:${gap}${text}`);
}

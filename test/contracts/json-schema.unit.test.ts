import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { eventSchemas, payloadSchema } from '../../src/contracts/event-schemas.ts';

// `strict` refuses unknown keywords; the schemas have one of their own.
const createAjv = () =>
  new Ajv2020({ strict: true, keywords: ['x-personal'], allowUnionTypes: true });

describe.for(Object.entries(eventSchemas()))('%s', ([name, schema]) => {
  const validate = createAjv().compile(schema);
  const definition = catalog.find((one) => one.name === name);
  if (definition === undefined) throw new Error(`${name} is not in the catalog`);

  test('is a valid JSON Schema (draft 2020-12), for its examples too', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(createAjv().validateSchema(schema)).toBe(true);
    const examples = schema.examples as JsonObject[];
    expect(examples).toHaveLength(1);
    for (const example of examples) {
      expect(validate(example)).toBe(true);
      expect(validate({ ...example, type: 'another' })).toBe(false);
      expect(validate({ ...example, event_id: 'an addition' })).toBe(true);
    }
  });

  test('accepts the payloads that the catalog accepts, and no others', () => {
    const check = createAjv().compile(payloadSchema(definition));
    const value = fc.oneof(
      ...[fc.constantFrom(...Object.values(definition.example)), fc.uuid(), fc.string()],
      ...[fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant('')],
      ...[fc.uuid().map((id) => id.toUpperCase()), fc.maxSafeInteger(), fc.jsonValue()],
      ...[fc.constant('x'.repeat(512)), fc.constant('x'.repeat(513))],
    );
    const keys = [...Object.keys(definition.fields), 'undeclared'];
    const changes = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 2 });
    const missing = fc.subarray(keys, { maxLength: 1 });
    fc.assert(
      fc.property(changes, missing, (changed, left) => {
        const payload: JsonObject = { ...definition.example, ...(changed as JsonObject) };
        for (const key of left) delete payload[key];
        expect(check(payload)).toBe(definition.faults(payload).length === 0);
      }),
    );
  });

  test('marks personal fields', () => {
    const { properties } = payloadSchema(definition) as {
      properties: Record<string, { 'x-personal'?: boolean }>;
    };
    for (const [key, { personal }] of Object.entries(definition.fields)) {
      expect(properties[key]?.['x-personal'] ?? false).toBe(personal);
    }
  });
});

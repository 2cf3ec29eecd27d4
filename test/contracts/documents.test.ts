import schemas from '@asyncapi/specs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import { asyncApi } from '../../src/contracts/asyncapi.ts';
import { openApi } from '../../src/contracts/openapi.ts';
import { outcomes, problems } from '../../src/webhook/answers.ts';

// The schema of AsyncAPI has formats that are not checked here, and no strict types.
const isAsyncApi = new Ajv({ strict: false, validateFormats: false }).compile(
  schemas.schemasWithoutId['3.0.0'] as object,
);

/** Returns the references of a document that lead nowhere, which a schema cannot know. */
function brokenReferences(document: object): string[] {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  const lookUp = (path: string) =>
    path
      .split('/')
      .reduce<unknown>((found, key) => (found as Record<string, unknown>)?.[key], document);
  return references.flatMap(([, path = '']) => (lookUp(path) === undefined ? [path] : []));
}

test('the OpenAPI document is valid by the schema of OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(openApi('1.2.3'));
  expect(errors).toBeUndefined();
  expect([valid, validator.version]).toEqual([true, '3.1']);
});

test('a broken OpenAPI document is not', async () => {
  const broken = { ...openApi('1.2.3'), webhooks: { event: { post: { responses: [] } } } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test('the AsyncAPI document is valid by the schema of AsyncAPI 3.0', () => {
  const document = asyncApi('1.2.3');
  expect(document.asyncapi).toBe('3.0.0');
  expect([isAsyncApi(document), isAsyncApi.errors]).toEqual([true, null]);
  expect(brokenReferences(document)).toEqual([]);
});

test('a broken AsyncAPI document is not', () => {
  const document = asyncApi('1.2.3');
  expect(isAsyncApi({ ...document, operations: { receiveDelivery: { action: 'take' } } })).toBe(
    false,
  );
  expect(brokenReferences({ ...document, channels: {} })).not.toEqual([]);
});

test('the OpenAPI document has every type and every answer', () => {
  const { webhooks, components } = openApi('1') as never as {
    webhooks: { event: { post: { responses: Record<string, { description: string }> } } };
    components: { schemas: Record<string, object> };
  };
  expect(Object.keys(components.schemas)).toEqual(
    expect.arrayContaining(catalog.map(({ name }) => name)),
  );
  for (const [name, { status }] of Object.entries({ ...outcomes, ...problems })) {
    expect(webhooks.event.post.responses[status]?.description).toContain(`\`${name}\`: `);
  }
});

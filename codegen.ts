import type { CodegenConfig } from '@graphql-codegen/cli';

const preset = {
  preset: 'client',
  presetConfig: { fragmentMasking: false },
  config: {
    // Plain texts with their types: a client needs no GraphQL library to send them.
    documentMode: 'string',
    useTypeImports: true,
    enumsAsTypes: true,
    defaultScalarType: 'unknown',
    scalars: {
      DateTime: 'string',
      EmailAddress: 'string',
      JSONObject: 'Record<string, unknown>',
      SafeInt: 'number',
      UUID: 'string',
    },
  },
} as const;

/** Typed documents for the client, the commands and the tests, from schema.graphql. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  emitLegacyCommonJSImports: false,
  generates: {
    'src/client/generated/': { ...preset, documents: 'src/{client,cli}/*.ts' },
    'web/src/generated/': { ...preset, documents: 'web/src/documents.ts' },
    'test/generated/': { ...preset, documents: ['test/documents.ts', 'test/readme/*.ts'] },
  },
};

export default config;

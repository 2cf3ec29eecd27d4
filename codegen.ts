import type { CodegenConfig } from '@graphql-codegen/cli';

const types = {
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
} as const;

const preset = {
  preset: 'client',
  presetConfig: { fragmentMasking: false },
  // Plain texts with their types: a client needs no GraphQL library to send them.
  config: { ...types, documentMode: 'string' },
} as const;

/** urql and Apollo Client want documents that are parsed already. */
const parsed = { ...preset, config: { ...preset.config, documentMode: 'documentNode' } } as const;

/** Typed documents for the client, the commands, the tests and the examples, from schema.graphql. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  emitLegacyCommonJSImports: false,
  generates: {
    // Types alone, which import nothing: the package has no dependencies.
    'src/client/generated/graphql.ts': {
      plugins: ['typescript-operations'],
      config: types,
      documents: 'src/client/**/*.ts',
    },
    'web/src/generated/': { ...preset, documents: 'web/src/documents/*.ts' },
    'examples/react-urql/generated/': {
      ...parsed,
      documents: 'examples/react-urql/*.tsx',
    },
    'examples/react-apollo/generated/': {
      ...parsed,
      documents: 'examples/react-apollo/*.tsx',
    },
    'examples/node-tool/generated/': { ...preset, documents: 'examples/node-tool/*.ts' },
    'test/generated/': {
      ...preset,
      documents: ['test/documents.ts', 'test/docs/latest-messages.ts'],
    },
  },
};

export default config;

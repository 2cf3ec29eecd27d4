import { expect, test } from 'vitest';
import { dropUnknown } from '../../../src/server/graphql/known-parameters.ts';

test('a request that is kept loses all members that are not read any more', () => {
  const request = {
    ...{ query: '{ head }', operationName: 'A', variables: { a: 1 } },
    ...{ extensions: { persistedQuery: {} }, id: '1', documentId: '2', other: ['x'] },
  };
  dropUnknown(request);
  expect(request).toEqual({ query: '{ head }', operationName: 'A', variables: { a: 1 } });
});

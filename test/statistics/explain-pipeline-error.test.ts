import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { explainPipelineError } from '../../src/statistics/explain-pipeline-error.ts';

const serverError = (code: number) =>
  new mongoose.mongo.MongoServerError({ ok: 0, code, errmsg: 'from the server' });
const limits = { statisticsTimeoutMs: 30_000 };

test.each([
  [50, 'longer than 30000'],
  [292, 'more memory than the database has'],
])('code %i tells to narrow the filter', (code, says) => {
  const error = explainPipelineError(serverError(code), limits);
  expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect((error as Error).message).toContain(says);
  expect((error as Error).message).toContain('Narrow `filter`');
});

test('any other error stays as it is', () => {
  const error = serverError(11_602);
  expect(explainPipelineError(error, limits)).toBe(error);
});

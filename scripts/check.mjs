import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeUnfinished, runCommand, runTests } from './run-tests.mjs';
import { isSchemaCompatible } from './schema-changes.mjs';

// Runs all checks of the project, even if one fails, and prints a last line that counts them. With
// --node-24 the tests that depend on the runtime also run on Node 24.

const scratch = mkdtempSync(join(tmpdir(), 'eventline-check-'));
const env = { ...process.env };
/** A run that takes longer than this hangs; on a slow machine it can be set higher. */
const limitMinutes = Number(env.CHECK_LIMIT_MINUTES ?? 120);
const signal = AbortSignal.timeout(limitMinutes * 60_000);
let passed = 0;
let failed = 0;

const run = (...command) => runCommand(command, { signal, env });

async function check(name, test) {
  if (signal.aborted) return;
  console.log(`\n── ${name}`);
  const startedMs = performance.now();
  const ok = await test();
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name} (${seconds} s)`);
  if (ok) passed += 1;
  else failed += 1;
  if (!signal.aborted) return;
  console.log(
    `The checks were ended after ${limitMinutes} minutes (CHECK_LIMIT_MINUTES), in: ${name}`,
  );
}

/** The environment of a running Eventline must not reach the tests. */
async function withoutSettings() {
  const { settings, limitSettings } = await import('../dist/config/settings.js');
  const names = new Set([...settings, ...limitSettings].map(({ name }) => name));
  for (const name of Object.keys(env)) {
    if (names.has(name) || name === 'NODE_ENV' || name.startsWith('OTEL_')) delete env[name];
  }
}

async function schemaInStep() {
  const printed = join(scratch, 'schema.graphql');
  if (!(await run(process.execPath, 'scripts/print-schema.mjs', printed))) return false;
  if (readFileSync(printed, 'utf8') === readFileSync('schema.graphql', 'utf8')) return true;
  console.log('schema.graphql is out of date. Run: npm run generate');
  return false;
}

async function generatedInStep() {
  const examples = ['react-urql', 'react-apollo', 'node-tool'].map((name) => `examples/${name}`);
  const folders = ['src/client', 'web/src', 'test', ...examples].map(
    (folder) => `${folder}/generated`,
  );
  const read = () =>
    folders.flatMap((folder) =>
      readdirSync(folder).map((file) => {
        const path = join(folder, file);
        return [path, readFileSync(path, 'utf8')];
      }),
    );
  const before = read();
  const ran = await run('npx', '--no-install', 'graphql-codegen', '--silent');
  const after = read();
  if (ran && JSON.stringify(before) === JSON.stringify(after)) return true;
  for (const [path, text] of before) writeFileSync(path, text);
  console.log('The generated types are out of date. Run: npm run generate');
  return false;
}

/** Runs Vitest, and counts test by test. */
async function tests(...command) {
  const progressFile = join(scratch, 'progress.json');
  const result = await runTests(command, { progressFile, signal, env });
  passed += result.passed;
  failed += result.failed.length;
  if (signal.aborted) console.log(`\n${describeUnfinished(result)}`);
  return result.ok;
}

await check('build', () => run('npm', 'run', '--silent', 'build'));
if (existsSync('dist/config/settings.js')) await withoutSettings();
await check('types', () => run('npm', 'run', '--silent', 'types'));
await check('lint and format', () => run('npm', 'run', '--silent', 'lint'));
await check('no tracked file is larger than 1 MiB', () =>
  run(process.execPath, 'scripts/check-file-sizes.mjs'),
);
await check('schema.graphql is in step with the code', schemaInStep);
await check('the schema is compatible with the last release', () => isSchemaCompatible());
await check('generated types are in step with schema.graphql', generatedInStep);
await check('tests', () => tests('npx', '--no-install', 'vitest', 'run'));
// The same decisions each time: what fails here shall be due to the change that is checked.
// It stops processes by SIGSTOP, which Windows has not.
if (process.platform !== 'win32') {
  await check('nothing lost, doubled or disordered under faults', () =>
    run('npm', 'run', '--silent', 'test:faults', '--', '--seed', '1'),
  );
}
if (process.argv.includes('--node-24')) {
  await check('what depends on the runtime, on Node 24', () =>
    tests('npm', 'run', '--silent', 'test:node24:part', '--'),
  );
}

rmSync(scratch, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaKeepsItsWord } from './schema-changes.mjs';

// Runs every check of the project, all of them even if one fails, and ends with one line that
// counts them. With --node-24 also what depends on the runtime, on that one.

const scratch = mkdtempSync(join(tmpdir(), 'eventline-check-'));
const env = { ...process.env };
let passed = 0;
let failed = 0;

function run(command, ...args) {
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  });
  return status === 0;
}

function check(name, test) {
  console.log(`\n── ${name}`);
  const startedMs = performance.now();
  const ok = test();
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name} (${seconds} s)`);
  if (ok) passed += 1;
  else failed += 1;
}

/** The environment of a running Eventline must not reach the tests. */
async function withoutSettings() {
  const { settings, limitSettings } = await import('../dist/config/settings.js');
  const names = new Set([...settings, ...limitSettings].map(({ name }) => name));
  for (const name of Object.keys(env)) {
    if (names.has(name) || name === 'NODE_ENV' || name.startsWith('OTEL_')) delete env[name];
  }
}

function schemaInStep() {
  const printed = join(scratch, 'schema.graphql');
  if (!run(process.execPath, 'scripts/print-schema.mjs', printed)) return false;
  if (readFileSync(printed, 'utf8') === readFileSync('schema.graphql', 'utf8')) return true;
  console.log('schema.graphql is not what the code says. Run: npm run generate');
  return false;
}

function generatedInStep() {
  const examples = ['react-urql', 'react-apollo', 'node-tool'].map((name) => `examples/${name}`);
  const folders = ['src/client', 'web/src', 'test', ...examples].map((room) => `${room}/generated`);
  const read = () =>
    folders.flatMap((folder) =>
      readdirSync(folder).map((file) => {
        const path = join(folder, file);
        return [path, readFileSync(path, 'utf8')];
      }),
    );
  const before = read();
  const ran = run('npx', '--no-install', 'graphql-codegen', '--silent');
  const after = read();
  if (ran && JSON.stringify(before) === JSON.stringify(after)) return true;
  for (const [path, text] of before) writeFileSync(path, text);
  console.log('The generated types are not what schema.graphql says. Run: npm run generate');
  return false;
}

/** Runs vitest by a command to which its options can be added, and counts test by test. */
function tests(command, ...args) {
  const report = join(scratch, 'tests.json');
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ran = run(command, ...args, ...reporters);
  if (!existsSync(report)) return false;
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  // A test that did not run proves nothing: it counts as failed.
  failed += result.numTotalTests - result.numPassedTests;
  return ran && result.success && result.numPassedTests > 0;
}

check('build', () => run('npm', 'run', '--silent', 'build'));
if (existsSync('dist/settings.js')) await withoutSettings();
check('types', () => run('npm', 'run', '--silent', 'types'));
check('lint, format and the arrows between the rooms', () => run('npm', 'run', '--silent', 'lint'));
check('no tracked file is larger than 1 MiB', () =>
  run(process.execPath, 'scripts/check-file-sizes.mjs'),
);
check('schema.graphql is in step with the code', schemaInStep);
check('the schema breaks nothing that was released', () => schemaKeepsItsWord());
check('generated types are in step with schema.graphql', generatedInStep);
check('tests', () => tests('npx', '--no-install', 'vitest', 'run'));
// The same decisions each time: what fails here shall be due to the change that is checked.
// It stops processes by SIGSTOP, which Windows has not.
if (process.platform !== 'win32') {
  check('nothing lost, doubled or disordered under faults', () =>
    run('npm', 'run', '--silent', 'test:faults', '--', '--seed', '1'),
  );
}
if (process.argv.includes('--node-24')) {
  check('what depends on the runtime, on Node 24', () =>
    tests('npm', 'run', '--silent', 'test:node24:part', '--'),
  );
}

rmSync(scratch, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

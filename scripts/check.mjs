import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChecks } from './create-checks.mjs';
import { isSchemaCompatible } from './schema-changes.mjs';

// Runs all checks of `npm test`. The last line counts them.

const { check, run, tests, removeSettings, end, scratch } = createChecks();

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

await check('build', () => run('npm', 'run', '--silent', 'build'));
await removeSettings();
await check('types', () => run('npm', 'run', '--silent', 'types'));
await check('lint and format', () => run('npm', 'run', '--silent', 'lint'));
await check('no tracked file is larger than 1 MiB', () =>
  run(process.execPath, 'scripts/check-file-sizes.mjs'),
);
await check('schema.graphql is in step with the code', schemaInStep);
await check('the schema is compatible with the last release', () => isSchemaCompatible());
await check('generated types are in step with schema.graphql', generatedInStep);
await check('unit, integration and browser tests', () =>
  tests('npx', '--no-install', 'vitest', 'run', '--project=!slow'),
);
// A fixed seed, so that a failure is due to the change that is checked. It needs SIGSTOP, which
// Windows lacks.
if (process.platform !== 'win32') {
  await check('nothing lost, doubled or disordered under faults', () =>
    run('npm', 'run', '--silent', 'test:faults', '--', '--seed=1', '--minutes=0.1', '--faults=3'),
  );
}
end();

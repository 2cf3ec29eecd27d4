import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { limitCpu } from './cpu-quota.mjs';

// Repeats tests while the machine is busy with other work. By default it runs the test files that
// wait for something; other arguments are passed to Vitest, such as files. With --all it runs `npm
// test` and then `npm run test:slow` instead.

/** Tests that wait for other processes, connections, timeouts or background work. */
const WAITING = [
  ...['test/log/append', 'test/log/tail', 'test/log/declare-restored', 'test/log/retention'],
  ...['test/projections/live-links', 'test/projections/apply-changes', 'test/feed'],
  ...['test/webhook/occurred-on', 'test/webhook/answers', 'test/webhook/database-away'],
  ...['test/webhook/overload', 'test/server/http', 'test/server/websocket', 'test/server/not-wr'],
  ...['test/auth/expiry', 'test/auth/visibility', 'test/erasure/live-copies', 'test/flow'],
  ...['test/client', 'test/embedded', 'test/observability', 'test/deploy/alerts'],
  ...['test/cli/commands/export-replay', 'test/cli/commands/simulate', 'test/cli/commands/seed'],
  ...['test/browser/live-page-at-a-steady-rate', 'test/browser/graphiql.slow'],
];
/** Ends when its parent has ended. */
const BUSY_LOOP = 'for (const parent = process.ppid; process.ppid === parent; );';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    busy: { type: 'string', default: '8' },
    cores: { type: 'string' },
    repeat: { type: 'string', default: '3' },
    all: { type: 'boolean', default: false },
  },
});
const files = positionals.length > 0 ? positionals : WAITING;
const commands = values.all
  ? [['scripts/check.mjs'], ['scripts/check-slow.mjs']]
  : [['node_modules/vitest/vitest.mjs', 'run', ...files]];
// The tests are slow on purpose, so the limit of `npm test` is raised.
const env = { CHECK_LIMIT_MINUTES: '600', ...process.env };

const liftLimit = values.cores ? limitCpu(Number(values.cores)) : () => undefined;
const loops = Array.from({ length: Number(values.busy) }, () =>
  spawn(process.execPath, ['-e', BUSY_LOOP], { stdio: 'ignore' }),
);
const outcomes = [];
for (let run = 1; run <= Number(values.repeat); run += 1) {
  const startedMs = performance.now();
  let ok = true;
  for (const command of commands) {
    const [code] = await once(spawn(process.execPath, command, { stdio: 'inherit', env }), 'close');
    ok &&= code === 0;
  }
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  outcomes.push({ line: `run ${run}: ${ok ? 'passed' : 'FAILED'} in ${seconds} s`, ok });
}
for (const loop of loops) loop.kill();
liftLimit();

const quota = values.cores ? `, limited to ${values.cores} cores` : '';
console.log(`\nBeside ${loops.length} busy loops${quota}:`);
for (const { line } of outcomes) console.log(line);
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;

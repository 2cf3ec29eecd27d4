import { buildIfStale } from './build-if-stale.mjs';
import { createChecks } from './create-checks.mjs';

// Runs the checks of `npm run test:slow`, which take too long for `npm test`. The last line counts
// them.

/** Tests that depend on the runtime: streams, sockets, processes, packages. */
const ON_NODE_24 = [
  ...['test/client/package-export', 'test/client/states', 'test/client/cut-connections'],
  ...['test/flow/restart', 'test/flow/webhook-to-subscribers', 'test/webhook/answers'],
  ...['test/server/websocket/upgrade', 'test/server/websocket/web-socket-frames'],
];

const { check, run, tests, removeSettings, end } = createChecks();

buildIfStale();
await removeSettings();
// More workers than for other tests: most of these wait for time limits and processes.
await check('slow tests', () =>
  tests('npx', '--no-install', 'vitest', 'run', '--project=slow', '--maxWorkers=4'),
);
if (process.platform !== 'win32') {
  await check('nothing lost, doubled or disordered under more faults', () =>
    run('npm', 'run', '--silent', 'test:faults', '--', '--seed=1'),
  );
}
await check('no rule broken on a simulated replica set', () =>
  run('npm', 'run', '--silent', 'test:simulation', '--', '--seeds', '1000'),
);
await check('the same seed gives the same simulation', () =>
  run('npm', 'run', '--silent', 'test:simulation', '--', '--seeds', '20', '--twice'),
);
await check('what depends on the runtime, on Node 24', () =>
  tests(process.execPath, 'scripts/on-node-24.mjs', 'vitest', 'run', ...ON_NODE_24),
);
end();

import { runSeed } from './run-seed.ts';

const seeds = process.argv.slice(2).map(Number);
for (const seed of seeds) {
  const before = process.cpuUsage();
  const { lines, violation, ...figures } = await runSeed(seed, 100_000);
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1_000;
  process.stdout.write(`${JSON.stringify({ ms: Math.round(ms), ...figures, violation })}\n`);
  if (violation) process.stdout.write(`${lines.join('\n')}\n`);
}

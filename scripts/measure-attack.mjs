import { fork } from 'node:child_process';
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sendUntil } from './attack/deliveries.mjs';
import { queryPages, SHAPES, storeLarge } from './attack/pages.mjs';
import { attack, sink } from './attack/stalled-senders.mjs';
import { startServer } from './attack/start-server.mjs';

const HELP = `Measures signed deliveries beside an attack. Linux only; run \`npm run build\` first.

  node scripts/measure-attack.mjs [options]

  --attack NAME      stalled: unsigned senders that stall (default);
                     pages: one viewer's queries of aliased pages of events of 1 MiB
  --rates LIST       stalled: bytes of the attack in MB/s (default: 2,25)
  --connections N    stalled: connections of the attack, from 8 loopback addresses (default: 200)
  --shapes LIST      pages: kinds of large payloads (default: ${SHAPES.join()})
  --parallel N       pages: queries at a time (default: 12)
  --seconds N        duration of each phase (default: 10)
  --rounds N         the median of so many rounds is reported (default: 3)

stalled: each rate is measured three times: without an attack, with it, and with the same attack on a
sink that discards what it reads. The sink costs the machine what the attacker costs, so
\`besideToSink\` is the server's own part. \`perCpuSecond\` counts deliveries per second of the server's
CPU time. A fourth phase has the attack and no deliveries: \`cpuOfAttack\` is the part of a core that the
server spends on it.

pages: the time from a delivery to its answer, with and without the attack.`;

const SENDERS = 16;
/** Time for connections to open and for code to be compiled, in milliseconds. */
const WARM_UP_MS = 3_000;

const { values } = parseArgs({
  options: {
    ...{ attack: { type: 'string', default: 'stalled' }, help: { type: 'boolean', short: 'h' } },
    ...{ rates: { type: 'string', default: '2,25' }, rate: { type: 'string' } },
    ...{ connections: { type: 'string', default: '200' }, role: { type: 'string' } },
    ...{ shapes: { type: 'string', default: SHAPES.join() }, shape: { type: 'string' } },
    ...{ parallel: { type: 'string', default: '12' }, port: { type: 'string' } },
    ...{ seconds: { type: 'string', default: '10' }, rounds: { type: 'string', default: '3' } },
  },
});
const [connections, parallel, port] = [values.connections, values.parallel, values.port].map(
  Number,
);
const roles = {
  attacker: () => attack({ port, bytesPerSecond: Number(values.rate) * 1e6, connections }),
  pages: () => queryPages({ port, shape: values.shape, parallel }),
  sink,
};

if (values.help) console.log(HELP);
else if (values.role !== undefined) roles[values.role]();
else if (values.attack === 'pages') await measurePages();
else await measureStalled();

async function measureStalled() {
  const server = await startServer();
  const child = forkRole('sink');
  const target = await new Promise((resolve) => child.once('message', resolve));
  const at = (rate, to) => ['attacker', '--port', String(to), '--rate', String(rate)];
  try {
    for (const rate of values.rates.split(',').map(Number)) {
      const rounds = await repeat(async () => ({
        alone: await measure(server),
        beside: await measure(server, at(rate, server.port)),
        control: await measure(server, at(rate, target)),
        quiet: await measure(server, at(rate, server.port), 0),
      }));
      const median = medianOf(rounds);
      print({
        attackMBps: rate,
        ...{ alone: median((r) => r.alone.perSecond), beside: median((r) => r.beside.perSecond) },
        sink: median((r) => r.control.perSecond),
        besideToAlone: median((r) => r.beside.perSecond / r.alone.perSecond),
        besideToSink: median((r) => r.beside.perSecond / r.control.perSecond),
        perCpuSecondToAlone: median((r) => r.beside.perCpuSecond / r.alone.perCpuSecond),
        cpuOfAttack: median((r) => r.quiet.cpu),
        megabytesOfAttack: median((r) => r.quiet.megabytesPerSecond),
        refusedOrFailed: median((r) => r.beside.other),
      });
    }
  } finally {
    child.kill();
    await server.close();
  }
}

async function measurePages() {
  const server = await startServer();
  try {
    for (const shape of values.shapes.split(',')) {
      await storeLarge(server.port, shape);
      const attacker = ['pages', '--port', String(server.port), '--shape', shape];
      const rounds = await repeat(async () => ({
        alone: await measure(server, undefined, 1),
        beside: await measure(server, attacker, 1),
      }));
      const median = medianOf(rounds);
      print({
        shape,
        ...{ alone: median((r) => r.alone.perSecond), beside: median((r) => r.beside.perSecond) },
        ...{ aloneP99Ms: median((r) => r.alone.p99Ms), p50Ms: median((r) => r.beside.p50Ms) },
        ...{ p99Ms: median((r) => r.beside.p99Ms), maxMs: median((r) => r.beside.maxMs) },
        megabytesOfAnswers: median((r) => r.beside.megabytesPerSecond),
        refusedOrFailed: median((r) => r.beside.other),
      });
    }
  } finally {
    await server.close();
  }
}

async function repeat(round) {
  const rounds = [];
  for (let count = 0; count < Number(values.rounds); count += 1) rounds.push(await round());
  return rounds;
}

/** Measures deliveries beside the attack of a role, given with its arguments. */
async function measure({ port, cpuSeconds }, role, senderCount = SENDERS) {
  const attacker = role && forkRole(...role);
  const stop = new AbortController();
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  try {
    const tally = { answered: 0, other: 0, latenciesMs: [] };
    const senders = Array.from({ length: senderCount }, () =>
      sendUntil(stop.signal, port, agent, tally),
    );
    await wait(WARM_UP_MS);
    const bytes = await bytesOf(attacker);
    const [before, cpu, startedMs] = [{ ...tally }, cpuSeconds(), performance.now()];
    tally.latenciesMs = [];
    await wait(Number(values.seconds) * 1_000);
    const seconds = (performance.now() - startedMs) / 1_000;
    const answered = tally.answered - before.answered;
    const used = cpuSeconds() - cpu;
    const megabytes = ((await bytesOf(attacker)) - bytes) / 1e6;
    stop.abort();
    await Promise.all(senders);
    const sorted = tally.latenciesMs.toSorted((a, b) => a - b);
    const rank = (share) => sorted[Math.ceil(sorted.length * share) - 1];
    return {
      perSecond: answered / seconds,
      perCpuSecond: answered / used,
      cpu: used / seconds,
      megabytesPerSecond: megabytes / seconds,
      other: tally.other - before.other,
      ...{ p50Ms: rank(0.5), p99Ms: rank(0.99), maxMs: rank(1) },
    };
  } finally {
    stop.abort();
    attacker?.kill();
    agent.destroy();
  }
}

function forkRole(role, ...args) {
  const own = ['--role', role, ...args, '--connections', connections, '--parallel', parallel];
  return fork(fileURLToPath(import.meta.url), own.map(String));
}

/** Bytes that an attacker has sent or received. */
function bytesOf(attacker) {
  if (attacker === undefined) return 0;
  attacker.send('bytes');
  return new Promise((resolve) => attacker.once('message', resolve));
}

function medianOf(rounds) {
  return (read) => rounds.map(read).sort((a, b) => a - b)[Math.floor(rounds.length / 2)];
}

function print(line) {
  const round = (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value);
  console.log(JSON.stringify(line, round));
}

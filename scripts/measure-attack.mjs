import { fork, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `Measures signed deliveries beside unsigned senders that stall. Linux only; run \`npm run build\` first.

  node scripts/measure-attack.mjs [options]

  --rates LIST       bytes of the attack in MB/s (default: 2,25)
  --connections N    connections of the attack, from 8 loopback addresses (default: 200)
  --seconds N        duration of each phase (default: 10)
  --rounds N         the median of so many rounds is reported (default: 3)

Each rate is measured three times: without an attack, with it, and with the same attack on a sink that
discards what it reads. The sink costs the machine what the attacker costs, so \`with / sink\` is the
server's own part. \`perCpuSecond\` counts deliveries per second of the server's CPU time. A fourth phase
has the attack and no deliveries: \`cpuOfAttack\` is the part of a core that the server spends on it.`;

const SECRET = 'a-secret-for-the-measurement';
const BODY_BYTES = 1024 * 1024;
const ADDRESSES = 8;
const SENDERS = 16;
const TICK_MS = 10;
const PIECE = Buffer.alloc(16 * 1024, ' ');
/** Time for connections to open and for code to be compiled, in milliseconds. */
const WARM_UP_MS = 3_000;
/** Clock ticks per second of /proc (`getconf CLK_TCK`). */
const TICKS = 100;

const { values } = parseArgs({
  options: {
    ...{ rates: { type: 'string', default: '2,25' }, help: { type: 'boolean', short: 'h' } },
    ...{ connections: { type: 'string', default: '200' }, role: { type: 'string' } },
    ...{ seconds: { type: 'string', default: '10' }, rounds: { type: 'string', default: '3' } },
    ...{ port: { type: 'string' }, rate: { type: 'string' } },
  },
});
const connections = Number(values.connections);

if (values.help) console.log(HELP);
else if (values.role === 'attacker') attack(Number(values.port), Number(values.rate) * 1e6);
else if (values.role === 'sink') sink();
else await measureAll();

/** Keeps connections open that send all of a body but its last byte. */
function attack(port, bytesPerSecond) {
  const open = [];
  let sent = 0;
  const start = (index) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: `127.0.0.${2 + (index % ADDRESSES)}`,
    });
    const one = { socket, left: BODY_BYTES - 1 };
    open[index] = one;
    socket.on('error', () => undefined);
    socket.resume();
    socket.once('close', () => setTimeout(start, TICK_MS, index));
    socket.write(
      `POST /webhooks/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`,
    );
  };
  for (let index = 0; index < connections; index += 1) start(index);
  const startedMs = performance.now();
  let next = 0;
  let bytesWritten = 0;
  process.on('message', () => process.send(bytesWritten));
  setInterval(() => {
    const due = ((performance.now() - startedMs) / 1_000) * bytesPerSecond;
    for (let idle = 0; sent < due && idle < connections; next += 1) {
      const one = open[next % connections];
      const bytes = Math.min(one.left, PIECE.length);
      if (bytes === 0 || !one.socket.writable || one.socket.writableLength > 0) {
        idle += 1;
        continue;
      }
      idle = 0;
      one.socket.write(PIECE.subarray(0, bytes));
      one.left -= bytes;
      sent += bytes;
      bytesWritten += bytes;
    }
    // What could not be sent is not made up for.
    sent = Math.max(sent, due - bytesPerSecond / 10);
  }, TICK_MS);
}

/** Closes a connection after a whole body, as the server does; the attacker then opens another. */
function sink() {
  const server = createServer((socket) => {
    let bytes = 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes >= BODY_BYTES) socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

async function measureAll() {
  const dataDir = await mkdtemp(join(tmpdir(), 'eventline-attack-'));
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const server = spawn(process.execPath, [main, 'serve'], {
    env: {
      ...process.env,
      ...{ PORT: '0', DATA_DIR: dataDir, WEBHOOK_SECRETS: SECRET, LOG_LEVEL: 'silent' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const target = await childPort('sink');
  try {
    const url = await urlOf(server);
    const port = Number(new URL(url).port);
    for (const rate of values.rates.split(',').map(Number)) {
      const rounds = [];
      for (let round = 0; round < Number(values.rounds); round += 1) {
        const alone = await measure(server.pid, port);
        const beside = await measure(server.pid, port, { rate, port });
        const control = await measure(server.pid, port, { rate, port: target.port });
        const quiet = await measure(server.pid, port, { rate, port }, 0);
        rounds.push({ alone, beside, control, quiet });
      }
      report(rate, rounds);
    }
  } finally {
    target.child.kill();
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(pid, port, attacked, senderCount = SENDERS) {
  const attacker =
    attacked &&
    fork(fileURLToPath(import.meta.url), [
      ...['--role', 'attacker', '--port', String(attacked.port)],
      ...['--rate', String(attacked.rate), '--connections', String(connections)],
    ]);
  try {
    const stop = new AbortController();
    const tally = { answered: 0, other: 0 };
    const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
    const senders = Array.from({ length: senderCount }, () =>
      sendUntil(stop.signal, port, agent, tally),
    );
    await wait(WARM_UP_MS);
    const bytes = await bytesOf(attacker);
    const [before, cpu, startedMs] = [{ ...tally }, cpuSeconds(pid), performance.now()];
    await wait(Number(values.seconds) * 1_000);
    const seconds = (performance.now() - startedMs) / 1_000;
    const answered = tally.answered - before.answered;
    const used = cpuSeconds(pid) - cpu;
    const megabytes = ((await bytesOf(attacker)) - bytes) / 1e6;
    stop.abort();
    await Promise.all(senders);
    agent.destroy();
    return {
      perSecond: answered / seconds,
      perCpuSecond: answered / used,
      cpu: used / seconds,
      megabytesPerSecond: megabytes / seconds,
      other: tally.other - before.other,
    };
  } finally {
    attacker?.kill();
  }
}

/** Bytes that an attacker has sent. */
function bytesOf(attacker) {
  if (attacker === undefined) return 0;
  attacker.send('bytes');
  return new Promise((resolve) => attacker.once('message', resolve));
}

async function sendUntil(signal, port, agent, tally) {
  while (!signal.aborted) {
    const payload = { user_id: `user-${randomUUID()}`, installation_id: randomUUID() };
    const body = JSON.stringify({
      type: 'app_opened',
      occurred_on: new Date().toISOString(),
      payload,
    });
    const status = await post(port, agent, body).catch(() => 0);
    if (status === 200) tally.answered += 1;
    else tally.other += 1;
  }
}

function post(port, agent, body) {
  const signature = createHmac('sha256', SECRET).update(body).digest('base64');
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ port, agent, host: '127.0.0.1', method: 'POST', path: '/webhooks/events' },
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'X-Signature': `sha256=${signature}`,
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', reject);
    });
    sent.end(body);
  });
}

/** User and system time of a process, without its children. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function report(rate, rounds) {
  const median = (read) => rounds.map(read).sort((a, b) => a - b)[Math.floor(rounds.length / 2)];
  const line = {
    attackMBps: rate,
    ...{ alone: median((r) => r.alone.perSecond), beside: median((r) => r.beside.perSecond) },
    sink: median((r) => r.control.perSecond),
    besideToAlone: median((r) => r.beside.perSecond / r.alone.perSecond),
    besideToSink: median((r) => r.beside.perSecond / r.control.perSecond),
    perCpuSecondToAlone: median((r) => r.beside.perCpuSecond / r.alone.perCpuSecond),
    cpuOfAttack: median((r) => r.quiet.cpu),
    megabytesOfAttack: median((r) => r.quiet.megabytesPerSecond),
    refusedOrFailed: median((r) => r.beside.other),
  };
  console.log(
    JSON.stringify(line, (_, value) =>
      typeof value === 'number' ? Math.round(value * 100) / 100 : value,
    ),
  );
}

async function childPort(role) {
  const child = fork(fileURLToPath(import.meta.url), ['--role', role]);
  return { child, port: await new Promise((resolve) => child.once('message', resolve)) };
}

/** The address that the server prints when it is ready. */
function urlOf(server) {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const url = /http:\/\/[\w.[\]:]+:\d+/.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    });
    server.once('exit', () => reject(new Error(`the server ended: ${text}`)));
  });
}

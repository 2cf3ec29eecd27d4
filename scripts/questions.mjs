import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import mongoose from 'mongoose';
import pino from 'pino';
import { signToken } from '../dist/auth/sign-token.js';
import { startEmbedded } from '../dist/embedded/start-embedded.js';
import { graphiqlExamples } from '../dist/server/pages/graphiql-examples.js';
import { startServer } from '../dist/server/start-server.js';

// Asks the questions of GraphiQL's tabs of a large log, and shows how long they took. If the log is
// missing it is made by `eventline seed` first. Pages are measured by `npm run bench -- pages`.

const HELP = `How long the questions of GraphiQL's tabs take on a large log.

  npm run questions -- [options]

  --uri URI      the server's replica set, with no database in it; without it an embedded one in a
                 temporary directory, which goes afterwards
  --name NAME    the database of the log (questions)
  --events N     of the log (1000000)
  --times N      how often each is asked; the median is shown (5)
  --json         the figures as JSON`;

const DAYS = 30;
const SECRET = 'the-jwt-secret-of-the-questions-of-40-chars';

const { values } = parseArgs({
  options: {
    ...{ uri: { type: 'string' }, name: { type: 'string', default: 'questions' } },
    ...{ events: { type: 'string', default: '1000000' }, times: { type: 'string', default: '5' } },
    ...{ json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const [events, times] = [Number(values.events), Number(values.times)];
const say = (line) => process.stderr.write(`${line}\n`);

const dataDir = values.uri ? undefined : await mkdtemp(join(tmpdir(), 'eventline-questions-'));
const embedded = dataDir && (await startEmbedded({ dataDir, progress: say }));
const base = values.uri ?? embedded.uri;
const uriOf = (name) => base.replace(/^(mongodb(?:\+srv)?:\/\/[^/]+)(?:\/[^?]*)?/, `$1/${name}`);

const token = await signToken(SECRET, { scope: 'events:read pii:read events:admin' }, '12h');
const opened = [];
try {
  const asked = await askQuestions(await openLog(values.name, events, 5_000));
  if (values.json) console.log(JSON.stringify({ events, questions: asked }, null, 2));
  else show(asked);
} finally {
  for (const { server, client } of opened) {
    await server.close();
    await client.close();
  }
  await embedded?.close();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
}

/** A server on a log that holds so many events, and has read them all for its lists. */
async function openLog(name, count, users) {
  const uri = uriOf(name);
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  const collection = client.db().collection('events');
  if ((await collection.countDocuments({ position: { $gt: count - 1, $lte: count } })) === 0) {
    const args = ['--events', count, '--users', users, '--days', DAYS, '--yes'].map(String);
    const { status } = spawnSync(process.execPath, ['dist/main.js', 'seed', ...args], {
      env: { ...process.env, MONGODB_URI: uri },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) process.exit(status ?? 1);
  }
  const server = await startServer({
    ...{ host: '127.0.0.1', port: 0, mongodbUri: uri, webhookSecrets: ['none-comes-by-webhook'] },
    ...{ webhookMaxBytes: 65_536, auth: { keys: { secret: SECRET }, userClaim: 'sub' } },
    ...{ allowedOrigins: [], graphiql: false, stalledReaderMs: 60_000 },
    limits: { statisticsTimeoutMs: 120_000 },
    logger: pino({ level: 'warn' }, pino.destination(2)),
  });
  opened.push({ server, client });
  async function ask(query, variables = {}) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
    return data;
  }
  for (let said = 0; ; ) {
    try {
      await ask('{ messages(first: 1) { edges { cursor } } }');
      break;
    } catch (error) {
      if (error.code !== 'SERVICE_UNAVAILABLE') throw error;
      if (Date.now() - said > 20_000) say(`${name}: ${error.message}`);
      if (Date.now() - said > 20_000) said = Date.now();
      await wait(500);
    }
  }
  return { name, collection, ask };
}

async function medianMs(count, work) {
  const took = [];
  for (let time = 0; time < count; time += 1) {
    const startedMs = performance.now();
    await work(time);
    took.push(performance.now() - startedMs);
  }
  return took.sort((one, other) => one - other)[Math.floor(count / 2)];
}

async function askQuestions({ ask, collection }) {
  const [message] = await collection
    .find({ type: 'message_read', position: { $gt: 0, $lte: events } })
    .limit(1)
    .toArray();
  const own = { UserStory: { userId: message.userId } };
  const found = [];
  for (const { query, variables } of graphiqlExamples) {
    const [, name] = /^query (\w+)/m.exec(query) ?? [];
    if (name === undefined) continue;
    const given = { ...JSON.parse(variables ?? '{}'), ...own[name] };
    const startedMs = performance.now();
    await ask(query, given);
    const firstMs = performance.now() - startedMs;
    const ms = await medianMs(times, () => ask(query, given));
    say(`${name}: ${ms.toFixed(1)} ms (the first time ${firstMs.toFixed(1)} ms)`);
    found.push({ name, firstMs, medianMs: ms });
  }
  return found;
}

function show(asked) {
  const lines = [`# ${events.toLocaleString('en')} events`, ''];
  lines.push('| question | median, ms | first, ms |', '| --- | ---: | ---: |');
  for (const { name, medianMs, firstMs } of asked) {
    lines.push(`| ${name} | ${medianMs.toFixed(1)} | ${firstMs.toFixed(1)} |`);
  }
  console.log(lines.join('\n'));
}

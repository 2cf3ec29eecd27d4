import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import mongoose from 'mongoose';
import pino from 'pino';
import { buildIfStale } from './build-if-stale.mjs';

// Measures the example queries of GraphiQL on a large log. `npm run bench -- pages` measures pages.

const HELP = `Measures how long the example queries of GraphiQL take on a large log.

  node scripts/measure-queries.mjs [options]

  --uri URI      a MongoDB replica set; default: an embedded database in a temporary directory
  --name NAME    database of the log; filled by \`eventline seed\` if empty (default: queries)
  --events N     events in the log (default: 1000000)
  --times N      runs of each query; the median is reported (default: 5)
  --json         print JSON`;

const DAYS = 30;
const USERS = 5_000;
const SECRET = 'the-jwt-secret-of-the-queries-of-40-chars';
const PROGRESS_MS = 20_000;
const RETRY_MS = 500;

const { values } = parseArgs({
  options: {
    ...{ uri: { type: 'string' }, name: { type: 'string', default: 'queries' } },
    ...{ events: { type: 'string', default: '1000000' }, times: { type: 'string', default: '5' } },
    ...{ json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const [events, times] = [Number(values.events), Number(values.times)];
const log = (line) => process.stderr.write(`${line}\n`);

buildIfStale();
const { signToken } = await import('../dist/auth/sign-token.js');
const { startEmbedded } = await import('../dist/embedded/start-embedded.js');
const { graphiqlExamples } = await import('../dist/server/pages/graphiql-examples.js');
const { startServer } = await import('../dist/server/start-server.js');

const dataDir = values.uri ? undefined : await mkdtemp(join(tmpdir(), 'eventline-queries-'));
const embedded = dataDir && (await startEmbedded({ dataDir, progress: log }));
const uri = (values.uri ?? embedded.uri).replace(
  /^(mongodb(?:\+srv)?:\/\/[^/]+)(?:\/[^?]*)?/,
  `$1/${values.name}`,
);
const client = await new mongoose.mongo.MongoClient(uri).connect();
const collection = client.db().collection('events');
let server;
try {
  await fillLog();
  server = await startServer({
    ...{ host: '127.0.0.1', port: 0, mongodbUri: uri, webhookSecrets: ['no-webhook-is-posted'] },
    ...{ webhookMaxBytes: 65_536, auth: { keys: { secret: SECRET }, userClaim: 'sub' } },
    ...{ allowedOrigins: [], graphiql: false, stalledReaderMs: 60_000 },
    limits: { statisticsTimeoutMs: 120_000 },
    logger: pino({ level: 'warn' }, pino.destination(2)),
  });
  const token = await signToken(SECRET, { scope: 'events:read pii:read events:admin' }, '12h');
  const ask = createAsk(`${server.url}/graphql`, token);
  await untilListsAreBuilt(ask);
  const queries = await measureQueries(ask);
  console.log(values.json ? JSON.stringify({ events, queries }, null, 2) : toMarkdown(queries));
} finally {
  await server?.close();
  await client.close();
  await embedded?.close();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
}

/** Fills the log with sample events, unless it holds as many already. */
async function fillLog() {
  const last = { position: { $gt: events - 1, $lte: events } };
  if ((await collection.countDocuments(last)) > 0) return;
  const args = ['--events', events, '--users', USERS, '--days', DAYS, '--yes'].map(String);
  const { status } = spawnSync(process.execPath, ['dist/main.js', 'seed', ...args], {
    env: { ...process.env, MONGODB_URI: uri },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`eventline seed failed with exit code ${status}`);
}

function createAsk(url, token) {
  return async (query, variables = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
    return data;
  };
}

/** Resolves when the server has read the whole log for its lists. */
async function untilListsAreBuilt(ask) {
  for (let loggedMs = 0; ; ) {
    try {
      await ask('{ messages(first: 1) { edges { cursor } } }');
      return;
    } catch (error) {
      if (error.code !== 'SERVICE_UNAVAILABLE') throw error;
      if (Date.now() - loggedMs > PROGRESS_MS) {
        log(error.message);
        loggedMs = Date.now();
      }
      await wait(RETRY_MS);
    }
  }
}

async function measureQueries(ask) {
  const inLog = { type: 'message_read', position: { $gt: 0, $lte: events } };
  const [message] = await collection.find(inLog).limit(1).toArray();
  const ownVariables = { UserStory: { userId: message.userId } };
  const measured = [];
  for (const { query, variables = '{}' } of graphiqlExamples) {
    const [, name] = /^query (\w+)/m.exec(query) ?? [];
    if (name === undefined) continue;
    const given = { ...JSON.parse(variables), ...ownVariables[name] };
    const tookMs = [];
    for (let run = 0; run <= times; run += 1) {
      const startedMs = performance.now();
      await ask(query, given);
      tookMs.push(performance.now() - startedMs);
    }
    const [firstMs, ...othersMs] = tookMs;
    const medianMs = othersMs.sort((a, b) => a - b)[Math.floor(times / 2)];
    log(`${name}: ${medianMs.toFixed(1)} ms (first run ${firstMs.toFixed(1)} ms)`);
    measured.push({ name, firstMs, medianMs });
  }
  return measured;
}

function toMarkdown(queries) {
  const rows = queries.map(
    ({ name, medianMs, firstMs }) => `| ${name} | ${medianMs.toFixed(1)} | ${firstMs.toFixed(1)} |`,
  );
  return [
    `# ${events.toLocaleString('en')} events`,
    '',
    '| query | median, ms | first, ms |',
    '| --- | ---: | ---: |',
    ...rows,
  ].join('\n');
}

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
import { graphiqlExamples } from '../dist/server/graphiql-examples.js';
import { startServer } from '../dist/server/start-server.js';

// Asks the questions of GraphiQL's tabs, and pages of all kinds, of a large log and of a small one, and
// shows how long they took. What is missing of the logs is made by `eventline seed` first.

const HELP = `How long the questions of GraphiQL's tabs take on a large log, and pages beside a small one.

  npm run questions -- [options]

  --uri URI      the server's replica set, with no database in it; without it an embedded one in a
                 temporary directory, which goes afterwards
  --name NAME    the database of the large log (questions); the small one is NAME-small
  --events N     of the large log (1000000); the small one has 10000
  --times N      how often each is asked; the median is shown (5, and 4 times as often for pages)
  --json         the figures as JSON`;

const SMALL = 10_000;
const PAGE = 50;
const DAYS = 30;
const SECRET = 'the-jwt-secret-of-the-questions-of-40-chars';
const MOST_GROWTH = 1.3;
const MOST_TO_DRIVER = 3;

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
  const large = await openLog(values.name, events, 5_000);
  const small = await openLog(`${values.name}-small`, SMALL, 50);
  const asked = await askQuestions(large);
  const pages = await askPages(large, small);
  if (values.json) console.log(JSON.stringify({ events, questions: asked, pages }, null, 2));
  else show(asked, pages);
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
  const { events: page } = await ask('{ events(last: 1) { edges { node { id } } } }');
  const own = { UserStory: { userId: message.userId }, OneEvent: { id: page.edges[0].node.id } };
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

/** Pages of one user's, one installation's and one type's events, in turn at both logs. */
async function askPages(...logs) {
  const rows = [];
  const queried =
    'query Page($filter: EventFilter, $first: Int, $after: String, $last: Int, $before: String) { events(filter: $filter, first: $first, after: $after, last: $last, before: $before) { edges { cursor node { id typeName occurredOn receivedAt userId installationId payload } } } }';
  const subjects = await Promise.all(logs.map(subjectsOf));
  for (const kind of ['user', 'installation', 'type']) {
    for (const place of ['start', 'middle', 'end']) {
      for (const direction of ['forward', 'backward']) {
        const took = logs.map(() => []);
        const driver = logs.map(() => []);
        for (let time = 0; time < 4 * times; time += 1) {
          for (const [index, { ask, collection }] of logs.entries()) {
            const { filter, query, places } = subjects[index][kind];
            const { cursor, span } = places[place];
            const variables =
              direction === 'forward'
                ? { filter, first: PAGE, after: cursor.after }
                : { filter, last: PAGE, before: cursor.before };
            took[index].push(await medianMs(1, () => ask(queried, variables)));
            driver[index].push(
              await medianMs(1, () =>
                collection
                  .find({
                    ...query,
                    position: { $gt: span[direction][0], $lte: span[direction][1] },
                  })
                  .sort({ position: direction === 'forward' ? 1 : -1 })
                  .limit(PAGE)
                  .toArray(),
              ),
            );
          }
        }
        const median = (all) => all.sort((one, other) => one - other)[Math.floor(all.length / 2)];
        const [largeMs, smallMs] = took.map(median);
        const driverMs = median(driver[0]);
        rows.push({
          ...{ kind, place, direction, largeMs, smallMs, ratio: largeMs / smallMs },
          ...{ driverMs, toDriver: largeMs / driverMs },
        });
        say(`page of a ${kind}'s events, ${place}, ${direction}: ${largeMs.toFixed(1)} ms`);
      }
    }
  }
  return rows;
}

/** Whose events are paged, and where: cursors, and the positions that the driver is asked for. */
async function subjectsOf({ ask, collection }) {
  const all = { position: { $gt: 0, $lte: events } };
  const [top] = await collection
    .aggregate([
      { $match: { type: 'app_opened', ...all } },
      { $group: { _id: { user: '$userId', on: '$installationId' }, count: { $sum: 1 } } },
      { $sort: { count: -1 } },
      { $limit: 1 },
    ])
    .toArray();
  const { user, on } = top._id;
  const of = {
    user: [{ userIds: [user] }, { userId: user }],
    installation: [{ installationIds: [on] }, { installationId: on }],
    type: [{ types: ['MESSAGE_SENT'] }, { type: 'message_sent' }],
  };
  const found = {};
  for (const [kind, [filter, query]] of Object.entries(of)) {
    const positions = (
      await collection.find({ ...query, ...all }, { projection: { _id: 0, position: 1 } }).toArray()
    )
      .map(({ position }) => position)
      .sort((one, other) => one - other);
    const half = Math.floor(positions.length / 2);
    const cursorAt = async (position) => {
      const [document] = await collection.find({ position: { $in: [position] } }).toArray();
      const { typeName = document.type, _id } = document;
      const type = typeName.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());
      const id = Buffer.from(`${type}:${Buffer.from(_id.buffer).toString('base64url')}`);
      const { event } = await ask('query At($id: ID!) { event(id: $id) { cursor } }', {
        id: id.toString('base64'),
      });
      return event.cursor;
    };
    const at = async (index) => {
      const after = index === 0 ? undefined : await cursorAt(positions[index - 1]);
      const before = index >= positions.length ? undefined : await cursorAt(positions[index]);
      const from = (n) => positions[Math.max(0, n)] ?? 0;
      return {
        cursor: { after, before },
        span: {
          forward: [from(index) - 1, from(Math.min(positions.length, index + PAGE) - 1)],
          backward: [from(index - PAGE) - 1, from(Math.min(index, positions.length) - 1)],
        },
      };
    };
    found[kind] = {
      ...{ filter, query },
      places: {
        start: await at(Math.min(PAGE, half)),
        middle: await at(half),
        end: await at(Math.max(half, positions.length - PAGE)),
      },
    };
  }
  return found;
}

function show(asked, pages) {
  const lines = [`# ${events.toLocaleString('en')} events`, ''];
  lines.push('| question | median, ms | first, ms |', '| --- | ---: | ---: |');
  for (const { name, medianMs, firstMs } of asked) {
    lines.push(`| ${name} | ${medianMs.toFixed(1)} | ${firstMs.toFixed(1)} |`);
  }
  lines.push(
    '',
    `Pages of ${PAGE}, medians in ms; wanted: at most ${MOST_GROWTH} times the small log's, and ${MOST_TO_DRIVER} times the driver's find.`,
    '',
  );
  lines.push(
    `| page of | where | direction | large | ${SMALL.toLocaleString('en')} | ratio | driver | to the driver |`,
  );
  lines.push('| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |');
  for (const row of pages) {
    const numbers = [row.largeMs, row.smallMs, row.ratio, row.driverMs, row.toDriver];
    const texts = numbers.map((number) => number.toFixed(2));
    lines.push(`| ${[row.kind, row.place, row.direction, ...texts].join(' | ')} |`);
  }
  console.log(lines.join('\n'));
}

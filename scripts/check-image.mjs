import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildIfStale } from './build-if-stale.mjs';

// Performs the steps of deploy/Dockerfile in a temporary directory, without a container engine. Then
// it starts the result, runs its HEALTHCHECK, and stops it with STOPSIGNAL. The base image is not
// used: this machine and its Node stand in for it. Unknown instructions are an error.

const root = mkdtempSync(join(tmpdir(), 'eventline-image-'));
const log = (text) => process.stderr.write(`${text}\n`);
const variables = {};
const stages = [];
const image = { env: {} };

const expand = (text) => text.replace(/\$\{(\w+)\}/g, (_, name) => variables[name] ?? '');
const current = () => stages.at(-1);
const inside = (stage, path) =>
  join(stage.directory, path.startsWith('/') ? path : join(stage.cwd, path));

/** Lists the files of the build context: those that Git tracks and .dockerignore keeps. */
function contextFiles() {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { encoding: 'utf8' });
  const patterns = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const text = line.replace(/[.+^$()|[\]]/g, '\\$&').replace(/^\*\*\//, '(?:.*/)?');
      return new RegExp(`^${text.replace(/(?<!\.)\*/g, '[^/]*')}(?:/|$)`);
    });
  return stdout.split('\0').filter((file) => file && !patterns.some((one) => one.test(file)));
}

function copy(words) {
  const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1];
  const rest = words.filter((word) => !word.startsWith('--'));
  const target = inside(current(), rest.at(-1));
  for (const source of rest.slice(0, -1)) {
    if (from) {
      const stage = stages.find(({ name }) => name === from);
      const isInto = rest.at(-1).endsWith('/');
      const to = isInto ? join(target, source.split('/').at(-1)) : target;
      cpSync(inside(stage, source), to, { recursive: true, verbatimSymlinks: true });
      continue;
    }
    const files = contextFiles().filter((file) => source === '.' || file === source);
    if (files.length === 0) throw new Error(`COPY: ${source} is not in the build context`);
    for (const file of files) {
      // A named file gets into the folder without its path, as in Docker.
      const to = join(target, source === '.' ? file : basename(file));
      mkdirSync(dirname(to), { recursive: true });
      cpSync(file, to);
    }
  }
}

const instructions = {
  ARG(text) {
    const [name, value] = text.split('=');
    variables[name] ??= value;
  },
  FROM(text) {
    const [base, , name] = expand(text).split(/\s+/);
    log(`FROM ${base} (this machine's Node ${process.version} instead)`);
    const directory = join(root, `stage-${stages.length}`);
    mkdirSync(directory);
    stages.push({ name, directory, cwd: '/' });
    image.env = {};
  },
  WORKDIR(text) {
    current().cwd = text;
    mkdirSync(inside(current(), text), { recursive: true });
  },
  ENV(text) {
    for (const pair of text.split(/\s+/)) image.env[pair.split('=')[0]] = pair.split('=')[1];
  },
  COPY: (text) => copy(text.split(/\s+/)),
  RUN(text) {
    log(`RUN ${text}`);
    const { PATH, HOME } = process.env;
    const { cwd, directory } = current();
    const options = {
      cwd: join(directory, cwd),
      env: { PATH, HOME, ...image.env },
      stdio: 'inherit',
    };
    const { status } = spawnSync('sh', ['-c', text], options);
    if (status !== 0) throw new Error(`RUN failed with exit code ${status}`);
  },
  USER: (text) => Object.assign(image, { user: text }),
  EXPOSE: (text) => Object.assign(image, { port: text }),
  HEALTHCHECK: (text) =>
    Object.assign(image, { health: JSON.parse(text.slice(text.indexOf('['))) }),
  STOPSIGNAL: (text) => Object.assign(image, { stop: text }),
  ENTRYPOINT: (text) => Object.assign(image, { entry: JSON.parse(text) }),
  CMD: (text) => Object.assign(image, { command: JSON.parse(text) }),
};

function build() {
  const text = readFileSync('deploy/Dockerfile', 'utf8')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ');
  for (const line of text.split('\n').filter((one) => one.trim())) {
    const [, name, rest] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (!instructions[name]) throw new Error(`unknown instruction: ${line}`);
    instructions[name](rest);
  }
}

/** Starts the image's program on an embedded database, and returns its size in MB. */
async function run() {
  const { directory, cwd } = current();
  const { startEmbedded } = await import('../dist/embedded/start-embedded.js');
  const dataDir = mkdtempSync(join(root, 'database-'));
  const database = await startEmbedded({ dataDir, progress: log });
  const settings = {
    MONGODB_URI: database.uri,
    WEBHOOK_SECRETS: 'kQ7vXz2mN9pR4tLw',
    AUTH_JWT_SECRET: 'uH3sYb8dFq1kVx6nZc0mJw5rTg9pLe2a',
    // Any free port: 4000 may be in use on this machine.
    ...{ PORT: '0', HOST: '127.0.0.1' },
  };
  const toPaths = (words) => words.map((word) => word.replace('/app', join(directory, cwd)));
  const [program, ...args] = toPaths([...image.entry, ...image.command]);
  const env = { PATH: process.env.PATH, ...image.env, ...settings };
  const child = spawn(program, args, {
    cwd: join(directory, cwd),
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    let port;
    for await (const line of createInterface({ input: child.stderr })) {
      port = /"url":"http:\/\/[\d.]+:(\d+)"/.exec(line)?.[1];
      if (port) break;
    }
    if (!port) throw new Error('the program exited before it listened');
    child.stderr.resume();
    const [healthCommand, ...healthArgs] = image.health;
    const { status } = spawnSync(healthCommand, healthArgs, {
      env: { ...env, PORT: port },
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`HEALTHCHECK failed with exit code ${status}`);
    const exited = once(child, 'exit');
    child.kill(image.stop);
    const [code] = await exited;
    if (code !== 0) throw new Error(`exit code ${code} after ${image.stop}`);
  } finally {
    child.kill('SIGKILL');
    await database.close();
  }
  const { stdout } = spawnSync('du', ['-sk', join(directory, cwd)], { encoding: 'utf8' });
  return Math.round(Number(stdout.split('\t')[0]) / 1_024);
}

try {
  buildIfStale();
  build();
  if (!image.user || /^(root|0)\b/.test(image.user))
    throw new Error('USER: expected a user other than root');
  const size = await run();
  console.log(
    `deploy/Dockerfile: the steps succeed; the result has ${size} MB without the base image, starts, is healthy and stops.`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}

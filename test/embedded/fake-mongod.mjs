// A fake mongod for machines without one. It speaks the wire protocol and answers, as MongoDB's
// source does, like a member without a configuration, or with one that names another address. It
// stores only that configuration, in its data directory.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { mongo } from 'mongoose';

const { serialize, deserialize } = mongo.BSON;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const option = (name) => process.argv[process.argv.indexOf(name) + 1];
if (process.argv.includes('--version')) {
  process.stdout.write('db version v8.0.4\nBuild Info: {}\n');
  process.exit(0);
}
const port = Number(option('--port'));
const me = `127.0.0.1:${port}`;
const configFile = join(option('--dbpath'), 'config.json');
writeFileSync(join(option('--dbpath'), 'WiredTiger'), '');
let config = existsSync(configFile) ? JSON.parse(readFileSync(configFile, 'utf8')) : undefined;
/** A mongod is secondary for a moment before it elects itself. */
let hellosUntilPrimary = 2;

function save(next) {
  config = next;
  hellosUntilPrimary = 2;
  writeFileSync(configFile, JSON.stringify(config));
  return { ok: 1 };
}

const failure = (code, errmsg) => ({ ok: 0, code, errmsg });

function hello() {
  const base = { ok: 1, minWireVersion: 0, maxWireVersion: 25, maxBsonObjectSize: 16777216 };
  const limits = { maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000 };
  const isMember = config?.members.some(({ host }) => host === me) ?? false;
  if (!isMember) {
    const none = { isreplicaset: true, isWritablePrimary: false, ismaster: false };
    return { ...base, ...limits, ...none, secondary: false };
  }
  const primary = hellosUntilPrimary-- <= 0;
  const member = { setName: config._id, setVersion: config.version, hosts: [me], me };
  const state = { isWritablePrimary: primary, ismaster: primary, secondary: !primary };
  return { ...base, ...limits, ...member, ...state };
}

function answer(command) {
  const [name] = Object.keys(command);
  switch (name) {
    case 'hello':
    case 'ismaster':
    case 'isMaster':
      return hello();
    case 'replSetGetConfig':
      return config ? { ok: 1, config } : failure(94, 'no replset config has been received');
    case 'replSetInitiate':
      if (config) return failure(23, 'already initialized');
      if (command.replSetInitiate._id !== option('--replSet')) return failure(93, 'wrong set name');
      return save({ version: 1, ...command.replSetInitiate });
    case 'replSetReconfig':
      if (command.force !== true) return failure(10107, 'only a primary may, unless forced');
      if (command.replSetReconfig.version <= config.version) return failure(103, 'old version');
      return save(command.replSetReconfig);
    case 'serverStatus':
      return { ok: 1, pid: process.pid };
    case 'endSessions':
      return { ok: 1 };
    default:
      return failure(59, `no such command: '${name}'`);
  }
}

/** Answers one message: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
function respond(message) {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  let head;
  let document;
  if (opCode === OP_QUERY) {
    const name = message.indexOf(0, 20);
    document = deserialize(message.subarray(name + 9));
    head = Buffer.alloc(20);
    head.writeInt32LE(1, 16);
  } else {
    document = deserialize(message.subarray(21));
    head = Buffer.alloc(5);
  }
  const body = Buffer.concat([head, serialize(answer(document))]);
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + body.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(opCode === OP_QUERY ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, body]);
}

createServer((socket) => {
  let received = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4 && received.length >= received.readInt32LE(0)) {
      const length = received.readInt32LE(0);
      socket.write(respond(received.subarray(0, length)));
      received = received.subarray(length);
    }
  });
}).listen(port, option('--bind_ip'));

/** A server that is measured. */
export interface Contestant {
  /** For `--only`. */
  name: string;
  label: string;
  /** Its file in `servers/` and arguments; undefined for Eventline, which runs as users run it. */
  server?: readonly [file: string, ...args: string[]];
  /** How many of its processes share the load and the database; default 1. */
  instances?: number;
}

/** All contestants, in the order of the tables. */
export const contestants = {
  eventline: { name: 'eventline', label: 'Eventline' },
  apollo: {
    name: 'apollo',
    label: 'Apollo way (graphql-js, graphql-ws, graphql-subscriptions)',
    server: ['apollo.js', 'topics'],
  },
  'apollo-filter': {
    name: 'apollo-filter',
    label: 'Apollo way with withFilter',
    server: ['apollo.js', 'filter'],
  },
  mercurius: { name: 'mercurius', label: 'mercurius (Fastify)', server: ['mercurius.js'] },
  yoga: { name: 'yoga', label: 'graphql-yoga, graphql-ws, createPubSub', server: ['yoga.js'] },
  'raw-ws': {
    name: 'raw-ws',
    label: 'limit: raw ws, `send` of one text',
    server: ['raw.js', 'send'],
  },
  frame: {
    name: 'frame',
    label: 'limit: hand-made frame, one write per socket',
    server: ['raw.js', 'frame'],
  },
  express: {
    name: 'express',
    label: 'Express with mongoose `create`',
    server: ['express-mongoose.js'],
  },
  'group-commit': {
    name: 'group-commit',
    label: 'plain group commit (`node:http`, HMAC, three indexes)',
    server: ['group-commit.js'],
  },
  'eventline-3': { name: 'eventline-3', label: 'Eventline, three instances', instances: 3 },
  'eventline-5': { name: 'eventline-5', label: 'Eventline, five instances', instances: 5 },
  counter: {
    name: 'counter',
    label: 'counter and inserts in one transaction',
    server: ['counter-transaction.js'],
  },
  'counter-3': {
    name: 'counter-3',
    label: 'the same, three instances',
    server: ['counter-transaction.js'],
    instances: 3,
  },
  'counter-5': {
    name: 'counter-5',
    label: 'the same, five instances',
    server: ['counter-transaction.js'],
    instances: 5,
  },
  'no-database': {
    name: 'no-database',
    label: 'limit: raw `node:http`, no database',
    server: ['no-database.js'],
  },
  'bare-write': {
    name: 'bare-write',
    label: 'limit: one insertOne, majority, journalled',
    server: ['bare-write.js'],
  },
  'driver-read': {
    name: 'driver-read',
    label: 'limit: the driver alone, closed ranges of 1,000',
    server: ['driver-read.js'],
  },
  'driver-find': {
    name: 'driver-find',
    label: 'limit: the driver alone, one find',
    server: ['driver-find.js'],
  },
} as const satisfies Record<string, Contestant>;

export type ContestantName = keyof typeof contestants;

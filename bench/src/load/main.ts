import { OPERATION, userOf } from '../contract.ts';
import { handleCalls } from '../processes/remote-calls.ts';
import { awaitFirstEvents } from './await-first-events.ts';
import { prepareDelivery } from './delivery.ts';
import { openPosters, type Poster } from './poster.ts';
import { runBursts } from './run-bursts.ts';
import { type ClosedLoopOptions, prepareClosedLoop } from './run-closed-loop.ts';
import { runOneAtATime } from './run-one-at-a-time.ts';
import { type PacedOptions, preparePaced } from './run-paced.ts';
import { prepareReplay, type ReplayOptions } from './run-replay.ts';
import { openSubscriberGroup, type SubscriberGroup } from './subscriber-group.ts';

// The load generator: a separate process that is controlled over IPC. Work that takes time is
// prepared before the server's CPU time is read, and run afterwards.

/** Subscribers to all events, or each to the events of its own user. */
export interface GroupOptions {
  port: number;
  token: string;
  count: number;
  of: 'all' | 'user';
  /** Number of the first subscriber's user; default 0. */
  firstUser?: number;
  /** Subscriptions per connection, each for its own user; default 1. */
  perSocket?: number;
}

let group: SubscriberGroup | undefined;
let posters: Poster[] = [];
let prepared: (() => Promise<unknown>) | undefined;

function openGroup({ port, token, count, of, firstUser = 0, perSocket = 1 }: GroupOptions) {
  const sockets = Math.ceil(count / perSocket);
  return openSubscriberGroup(
    Array.from({ length: sockets }, (_, socket) => {
      const numbers = Array.from({ length: perSocket }, (_, index) => socket * perSocket + index);
      const variables = numbers
        .filter((number) => number < count)
        .map((number) =>
          of === 'all' ? {} : { filter: { userIds: [userOf(firstUser + number)] } },
        );
      return { port, token, operation: OPERATION, variables };
    }),
  );
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('call posters, subscribers or a prepare… first');
  return value;
}

/** Opens subscribers, and waits until each connection has received an event. */
async function open(
  options: GroupOptions,
): Promise<{ group: SubscriberGroup; messageBytes: number }> {
  const { of, firstUser = 0, perSocket = 1, count } = options;
  const opened = await openGroup(options);
  opened.subscribe();
  // A connection's last subscription starts after the others.
  const lastOf = (socket: number) => Math.min(count, (socket + 1) * perSocket) - 1;
  const { messageBytes } = await awaitFirstEvents(opened, posters, (socket) =>
    of === 'all' ? userOf(0) : userOf(firstUser + lastOf(socket)),
  );
  return { group: opened, messageBytes };
}

handleCalls({
  async posters({ ports, count }: { ports: readonly number[]; count: number }) {
    posters = await openPosters(ports, count);
  },
  /** Opens one subscriber to all events on each instance. */
  async subscriberOnEach({ ports, token }: { ports: readonly number[]; token: string }) {
    const all = ports.map((port) => ({ port, token, operation: OPERATION, variables: [{}] }));
    group = await openSubscriberGroup(all);
    group.subscribe();
    await awaitFirstEvents(group, posters, () => userOf(0));
  },
  async subscribers(options: GroupOptions) {
    group?.close();
    const opened = await open(options);
    group = opened.group;
    return { messageBytes: opened.messageBytes };
  },
  /** Opens subscribers that stay idle. */
  async idle(options: GroupOptions) {
    await open(options);
  },
  oneAtATime: ({ ms }: { ms: number }) => {
    const [poster] = posters;
    return runOneAtATime(required(group), required(poster), { ms, user: userOf(0) });
  },
  bursts: ({ ms, size }: { ms: number; size: number }) =>
    runBursts(required(group), posters, { ms, size, user: userOf(0) }),
  prepareClosedLoop(options: ClosedLoopOptions) {
    const run = prepareClosedLoop(options);
    prepared = () => run(group, posters);
  },
  preparePaced(options: PacedOptions) {
    const run = preparePaced(options);
    prepared = () => run(group, posters);
  },
  async prepareReplay(options: ReplayOptions) {
    prepared = await prepareReplay(options);
  },
  run: () => required(prepared)(),
  /** Posts so many events as fast as possible, to fill a log. */
  async fill({ count, users }: { count: number; users: number }) {
    let left = count;
    await Promise.all(
      posters.map(async (poster) => {
        while (left > 0) {
          left -= 1;
          await poster.post(prepareDelivery(userOf(left % users)).request);
        }
      }),
    );
  },
});

// The channel keeps this process alive until the bench exits.
process.channel?.ref();
process.once('disconnect', () => process.exit(0));

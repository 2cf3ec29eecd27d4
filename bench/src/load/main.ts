import { OPERATION, userOf } from '../contract.ts';
import { answerCalls } from '../processes/calls.ts';
import { type Crowd, openCrowd } from './crowd.ts';
import { prepareDelivery } from './delivery.ts';
import { makeLive } from './make-live.ts';
import { openPosters, type Poster } from './poster.ts';
import { runBursts } from './run-bursts.ts';
import { type ClosedLoopOptions, prepareClosedLoop } from './run-closed-loop.ts';
import { runOneAtATime } from './run-one-at-a-time.ts';
import { type PacedOptions, preparePaced } from './run-paced.ts';
import { prepareReplay, type ReplayOptions } from './run-replay.ts';

// The load generator: a process of its own, told what to do over IPC. What costs it time is
// prepared before the server's processor time is read, and then run.

/** Whose events subscribers ask for: everybody's, or each those of one user of its own. */
export interface CrowdOptions {
  port: number;
  token: string;
  count: number;
  of: 'all' | 'user';
  /** The number of the first one's user. */
  firstUser?: number;
  /** Subscriptions on each connection, each of a user of its own; one unless told otherwise. */
  perSocket?: number;
}

let crowd: Crowd | undefined;
let posters: Poster[] = [];
let prepared: (() => Promise<unknown>) | undefined;

function crowdOf({ port, token, count, of, firstUser = 0, perSocket = 1 }: CrowdOptions) {
  const sockets = Math.ceil(count / perSocket);
  return openCrowd(
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

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing was opened before');
  return value;
}

/** Opens subscribers, and waits until each of its connections has got an event. */
async function open(options: CrowdOptions): Promise<{ crowd: Crowd; messageBytes: number }> {
  const { of, firstUser = 0, perSocket = 1, count } = options;
  const opened = await crowdOf(options);
  opened.begin();
  // Of a connection's subscriptions the last is begun after the others.
  const lastOf = (socket: number) => Math.min(count, (socket + 1) * perSocket) - 1;
  const { messageBytes } = await makeLive(opened, posters, (socket) =>
    of === 'all' ? userOf(0) : userOf(firstUser + lastOf(socket)),
  );
  return { crowd: opened, messageBytes };
}

answerCalls({
  async posters({ port, count }: { port: number; count: number }) {
    posters = await openPosters(port, count);
  },
  async subscribers(options: CrowdOptions) {
    crowd?.close();
    const opened = await open(options);
    crowd = opened.crowd;
    return { messageBytes: opened.messageBytes };
  },
  /** Subscribers that stay, and of which nothing is heard. */
  async idle(options: CrowdOptions) {
    await open(options);
  },
  oneAtATime: ({ ms }: { ms: number }) => {
    const [poster] = posters;
    return runOneAtATime(need(crowd), need(poster), { ms, user: userOf(0) });
  },
  bursts: ({ ms, size }: { ms: number; size: number }) =>
    runBursts(need(crowd), posters, { ms, size, user: userOf(0) }),
  prepareClosedLoop(options: ClosedLoopOptions) {
    const run = prepareClosedLoop(options);
    prepared = () => run(crowd, posters);
  },
  preparePaced(options: PacedOptions) {
    const run = preparePaced(options);
    prepared = () => run(crowd, posters);
  },
  async prepareReplay(options: ReplayOptions) {
    prepared = await prepareReplay(options);
  },
  run: () => need(prepared)(),
  /** Posts so many events as fast as they are taken, to fill a log. */
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

// It has nothing else that keeps it alive, and ends with the bench.
process.channel?.ref();
process.once('disconnect', () => process.exit(0));

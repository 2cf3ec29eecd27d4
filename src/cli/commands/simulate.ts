import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { createGraphqlClient, HEAD } from '../ask-graphql.ts';
import { CommandError } from '../command-error.ts';
import { createReaderToken, findServerUrl, findSigner } from '../find-server.ts';
import { toNoAnswer } from '../post-delivery.ts';
import { showStatus } from '../show-status.ts';
import { line, type Terminal } from '../terminal.ts';
import { createRandom } from './seed/random.ts';
import { createPoster } from './simulate/create-poster.ts';
import { describeOutcome, describeReadBack } from './simulate/describe-outcome.ts';
import { type Faults, makeTraffic } from './simulate/make-traffic.ts';
import { isWrong, type ReadBack, readBack, type Settled } from './simulate/read-back.ts';
import { createTally } from './simulate/tally.ts';

/** Interval at which due deliveries are posted in milliseconds, and maximum concurrent requests. */
const TICK_MS = 10;
const MAX_IN_FLIGHT = 512;
/** How long pending answers are awaited at the end, in milliseconds. */
const END_MS = 15_000;

const DIFFERENT =
  'The events that were read back differ from those that were stored. A possible cause: the token lacks the scope events:read or pii:read.';

export interface SimulateOptions extends Faults {
  /** Deliveries per second without redeliveries. */
  rate: number;
  users: number;
  /** Duration in milliseconds; without it until interrupted. */
  duration?: number;
  seed?: number;
  /** Deliveries posted at the same moment; 1 spreads them evenly. */
  burst: number;
  verify?: boolean;
  /** Events per request of the comparison. */
  page: number;
  url?: string;
  secret?: string;
  token?: string;
  json?: boolean;
}

/**
 * Posts sample traffic to a running server, prints progress, and reports how many deliveries were
 * answered as expected. With `verify` it reads all events back and compares them.
 *
 * @throws CommandError when no server answers, or a result was unexpected
 */
export async function simulate(terminal: Terminal, options: SimulateOptions): Promise<void> {
  const { rate, users, duration = Number.POSITIVE_INFINITY, burst, verify, json } = options;
  const { seed = Math.floor(Math.random() * 2 ** 31) } = options;
  const config = terminal.config();
  const url = await findServerUrl(config, options.url);
  const signer = await findSigner(config, options.secret);
  const token = async () => options.token ?? (await createReaderToken(config));
  const hardStop = new AbortController();
  const ending = new AbortController();
  // Each pending delivery or redelivery adds a listener.
  setMaxListeners(0, hardStop.signal, ending.signal);
  const asker = createGraphqlClient(url, token, hardStop.signal);
  await assertRuns(url, terminal.signal);
  const from = verify ? (await asker.ask(HEAD)).head : undefined;

  const tally = createTally();
  const settled: Settled[] = [];
  const poster = createPoster({
    ...{ url, signer, tally, ending: ending.signal, signal: hardStop.signal },
    onSettled({ kind, body }, delivered) {
      const id = delivered?.httpStatus === 200 ? String(delivered.answer?.id) : undefined;
      if (verify) settled.push({ kind, body, id });
    },
  });
  const next = makeTraffic({ ...options, users, random: createRandom(seed) });
  const status = showStatus(terminal);
  line(terminal.err, `Posting ${rate} a second to ${url}, seed ${seed}; Ctrl-C ends it.`);

  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  let made = 0;
  for (;;) {
    const ms = Math.min(elapsedMs(), duration);
    const target = countDue(ms, { rate, burst, duration });
    for (; made < target && poster.inFlight() < MAX_IN_FLIGHT; made += 1) {
      poster.post(next(Date.now()));
    }
    if (ms >= duration || terminal.signal.aborted) break;
    status.show(() => describeProgress(ms));
    await wait(TICK_MS, undefined, { signal: terminal.signal }).catch(() => undefined);
  }
  const tookMs = elapsedMs();
  ending.abort();
  const hardStopTimer = setTimeout(() => hardStop.abort(), END_MS);
  let back: ReadBack | undefined;
  try {
    await poster.settled();
    // After Ctrl-C the comparison runs with a time limit.
    if (!terminal.signal.aborted) {
      clearTimeout(hardStopTimer);
      terminal.signal.addEventListener('abort', () => hardStop.abort(), { once: true });
    }
    if (from !== undefined && tally.total().unanswered === 0) {
      const onProgress = (events: number) => status.show(() => `Reading back: ${events} events`);
      const how = { signal: hardStop.signal, onProgress, first: options.page };
      back = await readBack(asker, from, settled, how).catch((error) => {
        if (!hardStop.signal.aborted) throw error;
        line(
          terminal.err,
          'Interrupted before everything was read back: the rest was not compared.',
        );
        throw error;
      });
    }
  } finally {
    clearTimeout(hardStopTimer);
    status.end();
    const outcome = { seed, tookMs: Math.round(tookMs), tally, readBack: back };
    for (const text of describeOutcome(outcome, json === true)) line(terminal.out, text);
  }
  if (!json && back) line(terminal.out, describeReadBack(back));
  const { otherwise, unanswered } = tally.total();
  if (unanswered > 0) throw new CommandError(`${unanswered} were not answered.`);
  if (otherwise > 0) throw new CommandError('Some answers differed from the expected ones.');
  if (back && isWrong(back)) throw new CommandError(DIFFERENT);
  // Without a duration Ctrl-C is the regular end.
  if (options.duration !== undefined) terminal.signal.throwIfAborted();

  function describeProgress(ms: number): string {
    const { sent, asExpected, otherwise } = tally.total();
    const perSecond = (sent / Math.max(1, ms / 1_000)).toFixed(1);
    return `${Math.round(ms / 1_000)} s: ${sent} posted (${perSecond}/s), ${asExpected} answered as expected, ${otherwise} not as expected, ${poster.inFlight()} in flight`;
  }
}

/** Number of deliveries due after `ms`: rate × duration at the end, in whole bursts. */
function countDue(
  ms: number,
  { rate, burst, duration }: { rate: number; burst: number; duration: number },
): number {
  const burstsBefore = (untilMs: number) => (untilMs * rate) / 1_000 / burst;
  // The first burst is due at once.
  return burst * Math.min(Math.floor(burstsBefore(ms)) + 1, Math.ceil(burstsBefore(duration)));
}

/** @throws CommandError when no server answers */
async function assertRuns(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/health/live`, { signal }).catch((error) => {
    signal.throwIfAborted();
    throw toNoAnswer(url, error);
  });
  await response.body?.cancel();
  if (!response.ok) throw new CommandError(`There is no Eventline at ${url} (${response.status}).`);
}

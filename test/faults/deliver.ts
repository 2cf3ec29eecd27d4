import { setTimeout as delay } from 'node:timers/promises';
import { sign } from '../../src/webhook/sign.ts';
import type { Cluster } from './cluster.ts';
import type { Delivery } from './delivery.ts';
import type { Findings } from './findings.ts';
import type { Acknowledgement, Ledger } from './ledger.ts';
import { type Answer, post } from './post.ts';
import type { ServerCounts } from './post-counts.ts';
import { createRandom } from './random.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

export interface DeliverOptions {
  cluster: Cluster;
  seed: number;
  ledger: Ledger;
  findings: Findings;
  /** By server, in the cluster's order. */
  counts: readonly ServerCounts[];
  signal: AbortSignal;
}

/**
 * Posts the same bytes repeatedly, each time to a random server, until one gives the expected final
 * answer. Network failures, timeouts and 503 are retried; any other answer is a finding.
 *
 * @param copy identifies the posting among those of one delivery
 */
export async function deliver(
  delivery: Delivery,
  { body, copy }: { body: string; copy: number },
  options: DeliverOptions,
): Promise<void> {
  const { cluster, seed, counts, signal } = options;
  const signature = signatureOf(delivery, body, cluster.webhookSecret);
  let pauseMs = FIRST_PAUSE_MS;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const random = createRandom(seed, 'route', delivery.index, copy, attempt);
    const number = random.whole(0, cluster.nodes.length - 1);
    const [node, count] = [cluster.nodes[number], counts[number]];
    if (!node || !count) throw new RangeError(`there is no server ${number}`);
    if (delivery.expects === 'acceptance') count.pauses.expect();
    const answer = await post(node.url, { body, signature });
    if (answer === undefined) count.unanswered += 1;
    else if (answer.status === 503) count.unavailable += 1;
    else if (settle(delivery, answer, { ...options, count, server: node.server.name })) return;
    await delay(pauseMs * (0.5 + random.fraction() / 2));
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function signatureOf({ expects, index }: Delivery, body: string, secret: string) {
  if (expects !== 'bad-signature') return sign(body, secret);
  const wrong = [sign(body, `${secret}x`), sign(`${body} `, secret), 'sha256=AAAA', undefined];
  return wrong[index % wrong.length];
}

/** Returns true if the answer is final. */
function settle(
  delivery: Delivery,
  { status, body, tookMs }: Answer,
  { ledger, findings, count, server }: DeliverOptions & { count: ServerCounts; server: string },
): boolean {
  const { expects, index } = delivery;
  const wrong = (what: string) =>
    findings.add('wrong', `${server} answered delivery ${index} (${expects}) ${what}`);
  // A server that was paused for long may time out a request.
  if (status === 408) return false;
  if (status >= 500) {
    wrong(`${status} ${JSON.stringify(body)}`);
    return false;
  }
  const isRight =
    expects === 'acceptance'
      ? status === 200
      : expects === 'bad-signature'
        ? status === 401
        : status === 400 || status === 422;
  if (!isRight) {
    wrong(`${status} ${JSON.stringify(body)}`);
    return true;
  }
  if (expects !== 'acceptance') return true;
  const answer = body as unknown as Acknowledgement;
  if (answer.status === 'stored') {
    count.stored += 1;
    count.onStored();
  }
  count.acks.add(tookMs);
  count.pauses.mark();
  ledger.acknowledged(delivery, answer, server);
  return true;
}

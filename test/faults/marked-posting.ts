import { randomUUID } from 'node:crypto';
import { sign } from '../../src/webhook/sign.ts';
import type { Cluster } from './cluster.ts';
import type { Findings } from './findings.ts';
import { toMark } from './live-sockets.ts';
import { post } from './post.ts';

/**
 * Large events that only the stalled reader subscribes to: they fill all buffers within seconds.
 */
const LARGE = { perSecond: 4, bytes: 300_000 };
/** Posts numbered messages at a steady rate, and large events that live readers do not receive. */
export function startMarkedPosting(
  cluster: Cluster,
  { ratePerSecond, findings }: { ratePerSecond: number; findings: Findings },
) {
  const { nodes, webhookSecret } = cluster;
  const url = nodes[0]?.server.url ?? '';
  const underway = new Set<Promise<void>>();
  let number = 0;
  let order: Promise<void> = Promise.resolve();

  async function send(type: string, payload: object): Promise<void> {
    const body = JSON.stringify({ type, occurred_on: new Date().toISOString(), payload });
    const answer = await post(url, { body, signature: sign(body, webhookSecret) });
    if (answer?.status === 200) return;
    findings.add('wrong', `a delivery was answered ${answer?.status}`);
  }
  function track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => underway.delete(tracked));
    underway.add(tracked);
    return tracked;
  }
  const messages = setInterval(() => {
    number += 1;
    const current = number;
    // One after the other, so that their numbers are in log order.
    order = track(
      order.then(() =>
        send('message_sent', {
          ...{ user_id: 'u', installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f' },
          ...{ message_id: randomUUID(), speciality: toMark(current), professional_id: 5 },
        }),
      ),
    );
  }, 1_000 / ratePerSecond);
  const large = setInterval(() => {
    void track(send('document_shared', { of: toMark(0), filler: 'x'.repeat(LARGE.bytes) }));
  }, 1_000 / LARGE.perSecond);

  return {
    /** Resolves to the number of the last message once all are acknowledged. */
    async stop(): Promise<number> {
      clearInterval(messages);
      clearInterval(large);
      await Promise.all(underway);
      return number;
    },
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import { sign } from '../../../webhook/sign.ts';
import { type Delivered, deliver } from '../../deliver.ts';
import type { Planned } from './make-traffic.ts';
import type { Sort, Tally } from './tally.ts';

export interface PosterOptions {
  /** Where the server is: `http://127.0.0.1:4000`. */
  url: string;
  secret: string;
  tally: Tally;
  /** Repeats are not waited for any more: they are posted at once. */
  ending: AbortSignal;
  /** Gives up what is not answered. */
  signal: AbortSignal;
  /** Told of each delivery that was settled, and the answer if there was one. */
  onSettled: (planned: Planned, delivered: Delivered | undefined) => void;
}

/** Posts what was planned, as much at once as it is given, and counts what is answered. */
export function createPoster(options: PosterOptions) {
  const { url, secret, tally, ending, signal, onSettled } = options;
  const underway = new Set<Promise<void>>();
  let failure: unknown;

  async function send(sort: Sort, body: string): Promise<Delivered | undefined> {
    tally.sent(sort);
    // One that no key has made: whoever forges does not have it.
    const signature = sort === 'forged' ? sign(`${body} `, secret) : sign(body, secret);
    try {
      return await deliver(url, body, { signature, insist: true, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      tally.unanswered(sort);
      return undefined;
    }
  }

  async function post(planned: Planned): Promise<void> {
    const { kind, body, repeatAfterMs } = planned;
    const isBeside = repeatAfterMs === 0;
    const second = isBeside ? send('repeat', body) : undefined;
    let first = await send(kind, body);
    let repeat = await second;
    // Of two at the same time either may come first.
    if (isBeside && first && repeat && cameFirst(repeat, first)) [first, repeat] = [repeat, first];
    if (first) tally.answered(kind, first);
    onSettled(planned, first);
    if (repeatAfterMs !== undefined && !isBeside) {
      await wait(repeatAfterMs, undefined, { signal: ending }).catch(() => undefined);
      repeat = await send('repeat', body);
    }
    if (repeat) tally.answered('repeat', repeat, first);
  }

  return {
    /** Starts to post; `settled` tells when it is over. */
    post(planned: Planned): void {
      const one = post(planned)
        .catch((error) => {
          failure ??= error;
        })
        .finally(() => underway.delete(one));
      underway.add(one);
    },
    underway: () => underway.size,
    /** Resolves when nothing is under way. @throws what a post has thrown */
    async settled(): Promise<void> {
      while (underway.size > 0) await Promise.all(underway);
      if (failure !== undefined) throw failure;
    },
  };
}

/** Whether it was the first to be stored; its own answer may have been lost then, and it was tried again. */
function cameFirst(one: Delivered, other: Delivered): boolean {
  if (one.answer?.status === 'stored') return true;
  return other.answer?.status !== 'stored' && one.retries > 0 && other.retries === 0;
}

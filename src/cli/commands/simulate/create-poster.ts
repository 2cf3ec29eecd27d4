import { setTimeout as wait } from 'node:timers/promises';
import type { Signer } from '../../../webhook/create-signer.ts';
import { type Delivered, deliver } from '../../deliver.ts';
import type { Planned } from './make-traffic.ts';
import type { Sort, Tally } from './tally.ts';

export interface PosterOptions {
  /** URL of the server: `http://127.0.0.1:4000`. */
  url: string;
  signer: Signer;
  tally: Tally;
  /** Aborted at the end of the run: pending redeliveries are posted at once. */
  ending: AbortSignal;
  /** Aborts unanswered requests. */
  signal: AbortSignal;
  /** Called for each finished delivery, with its answer if there was one. */
  onSettled: (planned: Planned, delivered: Delivered | undefined) => void;
}

/** Posts planned deliveries concurrently and counts the answers. */
export function createPoster(options: PosterOptions) {
  const { url, signer, tally, ending, signal, onSettled } = options;
  const inFlight = new Set<Promise<void>>();
  let failure: unknown;

  async function send(sort: Sort, body: string): Promise<Delivered | undefined> {
    tally.sent(sort);
    // A signature that no secret has made, since a forger has none.
    const sign = () => signer(sort === 'forged' ? `${body} ` : body);
    try {
      return await deliver(url, body, { sign, insist: true, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      tally.unanswered(sort);
      return undefined;
    }
  }

  async function post(planned: Planned): Promise<void> {
    const { kind, body, repeatAfterMs } = planned;
    const isConcurrent = repeatAfterMs === 0;
    const second = isConcurrent ? send('repeat', body) : undefined;
    let first = await send(kind, body);
    let repeat = await second;
    // Of two concurrent deliveries either may be stored first.
    if (isConcurrent && first && repeat && arrivedBefore(repeat, first))
      [first, repeat] = [repeat, first];
    if (first) tally.answered(kind, first);
    onSettled(planned, first);
    if (repeatAfterMs !== undefined && !isConcurrent) {
      await wait(repeatAfterMs, undefined, { signal: ending }).catch(() => undefined);
      repeat = await send('repeat', body);
    }
    if (repeat) tally.answered('repeat', repeat, { delivered: first, isConcurrent });
  }

  return {
    /** Starts to post; `settled` resolves at the end. */
    post(planned: Planned): void {
      const one = post(planned)
        .catch((error) => {
          failure ??= error;
        })
        .finally(() => inFlight.delete(one));
      inFlight.add(one);
    },
    inFlight: () => inFlight.size,
    /** Resolves when no request is pending. @throws the error of a post */
    async settled(): Promise<void> {
      while (inFlight.size > 0) await Promise.all(inFlight);
      if (failure !== undefined) throw failure;
    },
  };
}

/** Returns true if this one was stored first; its answer may have been lost and retried. */
function arrivedBefore(one: Delivered, other: Delivered): boolean {
  if (one.answer?.status === 'stored') return true;
  return other.answer?.status !== 'stored' && one.retries > 0 && other.retries === 0;
}

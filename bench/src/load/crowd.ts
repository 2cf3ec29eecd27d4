import { openSubscriber, type Subscriber, type SubscriberOptions } from './subscriber.ts';

/** How many connections are opened at once. */
const AT_ONCE = 32;
/** How much a message may differ in length from the one that was read and found right. */
const TOLERANCE_BYTES = 32;

/** How long nothing may come while something is waited for: it will not come any more. */
const SILENCE_MS = 60_000;

/** Gets each text and the number of its subscriber; the bytes are gone afterwards. */
export type OnCrowdText = (bytes: Buffer, start: number, end: number, subscriber: number) => void;

/** Many subscribers, and what they got. */
export interface Crowd {
  /** How many connections it has. */
  readonly size: number;
  /** Sends the operations of all. What a server does to begin them goes on for a while. */
  begin(): void;
  /** How many texts came, of all. */
  count(): number;
  /** Resolves when that many have come. Rejected when a subscriber fails, or no more come. */
  until(count: number): Promise<void>;
  /** Called for each text from now on, before it is counted; undefined: for none. */
  onText(listener: OnCrowdText | undefined): void;
  /** From now on every text must be about as long as that: counting does not read them. */
  expectBytes(length: number): void;
  close(): void;
}

/** Opens subscribers, one for each of the options. */
export async function openCrowd(all: readonly SubscriberOptions[]): Promise<Crowd> {
  const subscribers: Subscriber[] = [];
  let count = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let fault: Error | undefined;
  let settle: { resolve(): void; reject(error: Error): void } | undefined;
  let listener: OnCrowdText | undefined;
  let expected: number | undefined;
  const fail = (error: Error) => {
    fault ??= error;
    settle?.reject(fault);
  };
  const onText: OnCrowdText = (bytes, start, end, subscriber) => {
    if (expected !== undefined && Math.abs(end - start - expected) > TOLERANCE_BYTES) {
      fail(new Error(`an unexpected message: ${bytes.toString('utf8', start, end)}`));
    }
    listener?.(bytes, start, end, subscriber);
    count += 1;
    if (count === wanted) settle?.resolve();
  };

  let next = 0;
  async function open(): Promise<void> {
    while (next < all.length) {
      const number = next;
      const options = all[number];
      next += 1;
      if (options === undefined) return;
      const subscriber = await openSubscriber(options);
      subscriber.onText = (bytes, start, end) => onText(bytes, start, end, number);
      subscriber.onFault = fail;
      subscribers.push(subscriber);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, open));

  return {
    size: all.length,
    begin() {
      for (const subscriber of subscribers) subscriber.begin();
    },
    count: () => count,
    until(target) {
      if (fault) return Promise.reject(fault);
      if (count >= target) return Promise.resolve();
      wanted = target;
      return new Promise<void>((resolve, reject) => {
        let last = count;
        const watch = setInterval(() => {
          if (count === last) reject(new Error(`${target - count} messages did not come`));
          last = count;
        }, SILENCE_MS);
        settle = {
          resolve() {
            clearInterval(watch);
            resolve();
          },
          reject(error) {
            clearInterval(watch);
            reject(error);
          },
        };
      });
    },
    onText(given) {
      listener = given;
    },
    expectBytes(length) {
      expected = length;
    },
    close() {
      for (const subscriber of subscribers) subscriber.close();
    },
  };
}

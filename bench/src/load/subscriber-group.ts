import { openSubscriber, type Subscriber, type SubscriberOptions } from './subscriber.ts';

/** Connections that are opened at the same time. */
const CONCURRENCY = 32;
/** Allowed difference in length from the message that was parsed and checked. */
const TOLERANCE_BYTES = 32;

/** Waiting fails when no message arrives for so long. */
const SILENCE_MS = 60_000;

/** Receives each message with the index of its subscriber; the buffer is reused afterwards. */
export type OnGroupText = (bytes: Buffer, start: number, end: number, subscriber: number) => void;

/** Many subscribers, and the count of the messages that they received. */
export interface SubscriberGroup {
  /** Number of connections. */
  readonly size: number;
  /** The port to which a subscriber is connected, by its index. */
  portOf(subscriber: number): number | undefined;
  /** Sends all operations. The server may take a while to start them. */
  subscribe(): void;
  /** Messages that all subscribers received so far. */
  count(): number;
  /** Resolves when so many messages have arrived. Rejects when a subscriber fails or none arrives any more. */
  waitForCount(count: number): Promise<void>;
  /** Sets the listener, called for each message before it is counted; undefined removes it. */
  onText(listener: OnGroupText | undefined): void;
  /** Fails from now on when a message has another length: counting does not parse them. */
  expectBytes(length: number): void;
  close(): void;
}

/** Opens one connection for each of the options. */
export async function openSubscriberGroup(
  all: readonly SubscriberOptions[],
): Promise<SubscriberGroup> {
  const subscribers: Subscriber[] = [];
  let count = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let fault: Error | undefined;
  let settle: { resolve(): void; reject(error: Error): void } | undefined;
  let listener: OnGroupText | undefined;
  let expected: number | undefined;
  const fail = (error: Error) => {
    fault ??= error;
    settle?.reject(fault);
  };
  const onText: OnGroupText = (bytes, start, end, subscriber) => {
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
  await Promise.all(Array.from({ length: CONCURRENCY }, open));

  return {
    size: all.length,
    portOf: (subscriber) => all[subscriber]?.port,
    subscribe() {
      for (const subscriber of subscribers) subscriber.subscribe();
    },
    count: () => count,
    waitForCount(target) {
      if (fault) return Promise.reject(fault);
      if (count >= target) return Promise.resolve();
      wanted = target;
      return new Promise<void>((resolve, reject) => {
        let last = count;
        const timer = setInterval(() => {
          if (count === last) reject(new Error(`${target - count} messages did not arrive`));
          last = count;
        }, SILENCE_MS);
        settle = {
          resolve() {
            clearInterval(timer);
            resolve();
          },
          reject(error) {
            clearInterval(timer);
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

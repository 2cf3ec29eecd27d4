import { prepareDelivery } from './delivery.ts';
import type { Poster } from './poster.ts';
import type { SubscriberGroup } from './subscriber-group.ts';

/** After so long without a message, an event was posted before its subscription had started. */
const SILENCE_MS = 3_000;
const ATTEMPTS = 5;

/**
 * Posts events until every subscriber has received one, and checks their content: later messages are
 * only counted. No event is in flight afterwards.
 *
 * @param userOf returns the user of a subscriber
 */
export async function awaitFirstEvents(
  group: SubscriberGroup,
  posters: readonly Poster[],
  userOf: (subscriber: number) => string,
): Promise<{ messageBytes: number }> {
  let messageBytes = 0;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const users = new Map<string, number>();
    for (let number = 0; number < group.size; number += 1) {
      const user = userOf(number);
      users.set(user, (users.get(user) ?? 0) + 1);
    }
    const deliveries = [...users.keys()].map(prepareDelivery);
    const wanted = new Set(deliveries.map(({ messageId }) => messageId));
    const seen = new Set<number>();
    let wrong: Error | undefined;
    const all = new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, SILENCE_MS, false);
      group.onText((bytes, start, end, subscriber) => {
        const text = bytes.toString('utf8', start, end);
        try {
          if (wanted.has(messageIdOf(text))) seen.add(subscriber);
        } catch (error) {
          wrong = error as Error;
        }
        messageBytes = end - start;
        timer.refresh();
        if (seen.size < group.size && wrong === undefined) return;
        clearTimeout(timer);
        resolve(wrong === undefined);
      });
    });
    const queue = [...deliveries];
    await Promise.all(
      posters.map(async (poster) => {
        for (let next = queue.pop(); next; next = queue.pop()) await poster.post(next.request);
      }),
    );
    const isLive = await all;
    group.onText(undefined);
    if (wrong) throw wrong;
    if (!isLive) continue;
    group.expectBytes(messageBytes);
    return { messageBytes };
  }
  throw new Error(`some subscribers received no event in ${ATTEMPTS} attempts`);
}

function messageIdOf(text: string): string {
  const message = JSON.parse(text);
  const { data, errors } = message.payload ?? {};
  const { id, cursor, occurredOn, userId, messageId, speciality } = data?.events ?? {};
  const isComplete = [id, cursor, occurredOn, userId, messageId, speciality].every(
    (value) => typeof value === 'string' && value !== '',
  );
  if (message.type === 'next' && isComplete && errors === undefined) return messageId;
  throw new Error(`unexpected message: ${text}`);
}

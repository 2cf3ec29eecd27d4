import type { Crowd } from './crowd.ts';
import { prepareDelivery } from './delivery.ts';
import type { Poster } from './poster.ts';

/** How long nothing may come before what is missing is taken for an event that came too early. */
const PATIENCE_MS = 3_000;
const ATTEMPTS = 5;

/**
 * Posts events until every subscriber has got one of its own, and reads them: what is counted later
 * is what was asked for. No event is on its way afterwards.
 *
 * @param userOf the user whose event a subscriber waits for
 */
export async function makeLive(
  crowd: Crowd,
  posters: readonly Poster[],
  userOf: (subscriber: number) => string,
): Promise<{ messageBytes: number }> {
  let messageBytes = 0;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const users = new Map<string, number>();
    for (let number = 0; number < crowd.size; number += 1) {
      const user = userOf(number);
      users.set(user, (users.get(user) ?? 0) + 1);
    }
    const deliveries = [...users.keys()].map(prepareDelivery);
    const wanted = new Set(deliveries.map(({ messageId }) => messageId));
    const seen = new Set<number>();
    let wrong: Error | undefined;
    const all = new Promise<boolean>((resolve) => {
      const late = setTimeout(resolve, PATIENCE_MS, false);
      crowd.onText((bytes, start, end, subscriber) => {
        const text = bytes.toString('utf8', start, end);
        try {
          if (wanted.has(messageIdOf(text))) seen.add(subscriber);
        } catch (error) {
          wrong = error as Error;
        }
        messageBytes = end - start;
        late.refresh();
        if (seen.size < crowd.size && wrong === undefined) return;
        clearTimeout(late);
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
    crowd.onText(undefined);
    if (wrong) throw wrong;
    if (!isLive) continue;
    crowd.expectBytes(messageBytes);
    return { messageBytes };
  }
  throw new Error(`not every subscriber got its event in ${ATTEMPTS} attempts`);
}

function messageIdOf(text: string): string {
  const message = JSON.parse(text);
  const { data, errors } = message.payload ?? {};
  const { id, cursor, occurredOn, userId, messageId, speciality } = data?.events ?? {};
  const isWhole = [id, cursor, occurredOn, userId, messageId, speciality].every(
    (value) => typeof value === 'string' && value !== '',
  );
  if (message.type === 'next' && isWhole && errors === undefined) return messageId;
  throw new Error(`not what was asked for: ${text}`);
}

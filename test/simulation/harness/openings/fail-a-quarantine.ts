import type { Instance } from '../instance.ts';
import type { Delivery } from '../make-delivery.ts';
import { type Opening, waitFor } from './opening.ts';

/** How many deliveries the log refuses. */
const REFUSED = 3;
/** How long the holder may take to write to the quarantine, and to keep everything there. */
const QUARANTINING_MS = 5_000;
const KEPT_MS = 15_000;

/**
 * The inbox has accepted deliveries that the log then refuses. The holder loses its connections, or
 * is killed, while it writes them to the quarantine; their entries must stay until that has succeeded.
 */
export async function failAQuarantine(
  opening: Opening,
  holder: Instance,
  other: Instance,
): Promise<void> {
  const { world, random, fleet, truth, violations } = opening;
  const { client } = holder;
  const deliveries = Array.from({ length: REFUSED }, () => makeRefused(opening));
  const isKilled = random.chance(0.25);
  const faults = loseConnections();
  const answers = await Promise.all(deliveries.map((one) => other.post(one)));
  await faults;
  const accepted = deliveries.filter((_, index) => answers[index]?.status === 200);
  const missing = () => accepted.filter(({ number }) => truth.inQuarantine(number) !== 1);
  const isOver = () => truth.inInbox() === 0 && missing().length === 0;
  if (await waitFor(opening, isOver, KEPT_MS)) return;
  const numbers = missing().map(({ number }) => number);
  const text = `not in quarantine: ${numbers}; in the inbox: ${truth.inInbox()}`;
  violations.add(numbers.every(truth.holds) ? 'hang' : 'stored', text);

  async function loseConnections(): Promise<void> {
    const isQuarantining = () => client.isSending('quarantine');
    if (!(await waitFor(opening, isQuarantining, QUARANTINING_MS))) return;
    if (isKilled) {
      holder.kill();
      fleet.replace(holder);
    } else for (const member of world.members) client.cut(member);
  }
}

/** Makes a delivery that the webhook accepts and the validator of the log refuses. */
function makeRefused({ sender }: Pick<Opening, 'sender'>): Delivery {
  for (;;) {
    const delivery = sender.make();
    if (delivery.isAcceptable && !delivery.isStorable) return delivery;
  }
}

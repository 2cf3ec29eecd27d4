import type { Random } from '../../faults/random.ts';
import type { World } from '../world.ts';
import type { ErasedUsers } from './erased-users.ts';
import type { Instance } from './instance.ts';
import { type Delivery, makeDelivery, sharerOf, userIdOf } from './make-delivery.ts';
import type { Answer } from './post.ts';
import type { Truth } from './truth.ts';
import type { Violations } from './violations.ts';

/** How long the sender waits for an answer, in milliseconds. */
const ANSWER_MS = 20_000;
/**
 * Maximum time of the webhook: it reads watermarks and erasures, finds a primary, and waits for a
 * majority, each with its own limit.
 */
const LONGEST_ANSWER_MS = 30_000;

/** After this time every instance finds an acknowledged event, in milliseconds. */
const SETTLED_MS = 3_000;

/** Posts deliveries, and retries each until it is answered. */
export interface Sender {
  /**
   * Makes a delivery, by default of a user who is not erased, which is not posted.
   *
   * @param met whom it names beside its own user
   */
  make(user?: number, met?: number): Delivery;
  /** Posts new deliveries concurrently; several of them have redeliveries among them. */
  post(count: number): void;
  /** Posts this delivery. */
  deliver(delivery: Delivery): void;
  /** Posts a delivery again that was acknowledged, or refused and quarantined. */
  repeat(): void;
  /** The log was restored: lost deliveries are sent again. */
  restored(): void;
  /** Deliveries without a final answer. */
  open(): number;
  acknowledged(): number;
  /** Checks that everything acknowledged is still stored. */
  check(): void;
}

interface Acknowledged {
  delivery: Delivery;
  position: number | undefined;
  atMs: number;
}

interface Options {
  world: World;
  random: Random;
  users: number;
  /** The share of deliveries that are not storable. */
  unstorable: number;
  running: () => readonly Instance[];
  truth: Truth;
  erased: ErasedUsers;
  violations: Violations;
  hasBeenRestored: () => boolean;
  isRestoring: () => boolean;
}

export function createSender(options: Options): Sender {
  const { world, random, users, unstorable, running, truth, erased, violations } = options;
  const { hasBeenRestored, isRestoring } = options;
  const { time, trace } = world;
  const acknowledged = new Map<number, Acknowledged>();
  const refused = new Map<number, Delivery>();
  const open = new Set<Delivery>();
  let made = 0;
  let electedMs = Number.NEGATIVE_INFINITY;
  world.onRolesChange(() => {
    electedMs = time.nowMs();
  });

  function make(
    user = random.pick(unerased()),
    met = random.chance(0.3) ? random.pick(unerased()) : user,
  ): Delivery {
    made += 1;
    const isStorable = !random.chance(unstorable);
    return makeDelivery(made, user, random, { met: met === user ? undefined : met, isStorable });
  }

  function unerased(): number[] {
    const all = Array.from({ length: users }, (_, user) => user);
    return all.filter((user) => !erased.isBegun(userIdOf(user)));
  }

  function deliver(delivery: Delivery): void {
    open.add(delivery);
    const again = () => time.after(random.whole(200, 4_000), () => deliver(delivery));
    const instances = running();
    if (instances.length === 0) {
      again();
      return;
    }
    const instance = random.pick(instances);
    let isOver = false;
    const once = (work: () => void) => {
      if (isOver) return;
      isOver = true;
      work();
    };
    const startedMs = time.nowMs();
    const earlier = acknowledged.get(delivery.number);
    const isRepeat = earlier !== undefined && startedMs - earlier.atMs > SETTLED_MS;
    const heldAt = truth.positionOf(delivery.number);
    const wasRestored = hasBeenRestored();
    void instance.gone.then(() => once(again));
    time.after(ANSWER_MS, () => once(again));
    let isAnswered = false;
    time.after(LONGEST_ANSWER_MS, () => {
      if (isAnswered || instance.state === 'gone' || instance.wasFrozen(startedMs)) return;
      violations.add('hang', `${instance.name} does not answer delivery ${delivery.number}`);
    });
    const answer = instance.post(delivery).finally(() => {
      isAnswered = true;
    });
    answer.then(
      (answer) =>
        once(() => {
          // The answer of a killed process reaches no one.
          if (instance.state === 'gone') return again();
          trace.add(
            `${instance.name} answers ${delivery.number}: ${answer.status} ${answer.body.status ?? ''} ${answer.body.position ?? ''}`,
          );
          // A new primary may not show what the log holds (SERVER-53813). It is stored once all the same.
          const isElected = electedMs > startedMs - SETTLED_MS;
          if (isRepeat && delivery.isStorable && !isElected) {
            checkRepeat(delivery, answer, { heldAt, instance });
          }
          // A restore has overtaken the answer.
          if (!wasRestored && hasBeenRestored()) return again();
          if (answer.status < 500) settle(delivery, answer, instance);
          else {
            checkReason(answer, instance);
            again();
          }
        }),
      (error) => violations.add('fault', `the webhook of ${instance.name} threw ${error}`),
    );
  }

  function settle(delivery: Delivery, { status, body }: Answer, instance: Instance): void {
    open.delete(delivery);
    const { number, userId } = delivery;
    // The inbox may accept what the log then refuses; it has no position. An erasure may clean it.
    const isExpected =
      delivery.isAcceptable && !delivery.isStorable
        ? status === 422 || body.position === undefined || namesErased(delivery)
        : delivery.isAcceptable === (status === 200);
    if (!isExpected && body.status !== 'erased') {
      violations.add('fault', `delivery ${number} was answered ${status} ${JSON.stringify(body)}`);
    }
    if (status !== 200) {
      refused.set(number, delivery);
      checkQuarantine(delivery);
      return;
    }
    if (body.status === 'erased') {
      const isStored = delivery.isAcceptable && delivery.isStorable;
      const mayBeErased = isStored ? namesErased : mayLeaveQuarantine;
      if (!mayBeErased(delivery)) violations.add('fault', `${number}: ${userId} was not erased`);
      return;
    }
    // An answer that a restore has overtaken counts as given before it.
    if (!truth.holds(number) && !mayBeGone(delivery) && !isRestoring()) {
      violations.add('stored', `${instance.name} acknowledged ${number}, which no majority has`);
    }
    const { position } = body;
    const known = truth.positionOf(number);
    const isSettled =
      known !== undefined && truth.at(known)?.isRewritten === false && !erased.isBegun(userId);
    if (position !== undefined && isSettled && known !== position) {
      violations.add(
        'duplicate',
        `${instance.name} told ${position} for ${number}, which is at ${known}`,
      );
    }
    const before = acknowledged.get(number)?.position;
    // A restore may take back a removal, and the event that was stored again behind it.
    const isKept =
      before !== undefined && before > truth.removedUpTo() && !truth.wasLostAt(before, number);
    if (isKept && position !== undefined && before !== position && isSettled) {
      violations.add('duplicate', `${number} was told to be at ${before} and at ${position}`);
    }
    acknowledged.set(number, { delivery, position: position ?? before, atMs: time.nowMs() });
  }

  /** An acknowledged delivery is a duplicate, unless the log has lost or removed its event. */
  function checkRepeat(
    delivery: Delivery,
    { body }: Answer,
    { heldAt, instance }: { heldAt: number | undefined; instance: Instance },
  ): void {
    const isGone = heldAt !== undefined && heldAt <= truth.removedUpTo();
    if (body.status !== 'stored' || isGone || hasBeenRestored() || namesErased(delivery)) return;
    violations.add(
      'duplicate',
      `${instance.name} took ${delivery.number}, which it was sent before, for new`,
    );
  }

  /** True if an erasure may have removed the delivery's number from the database. */
  function mayBeGone(delivery: Delivery): boolean {
    const { isStorable, userId } = delivery;
    return isStorable ? erased.isBegun(userId) : mayLeaveQuarantine(delivery);
  }

  /** An erasure removes whole bodies from quarantine, with all that may name the user. */
  function mayLeaveQuarantine(delivery: Delivery): boolean {
    return namesErased(delivery) || erased.isBegun(sharerOf(delivery.userId));
  }

  function checkQuarantine(delivery: Delivery): void {
    const { number } = delivery;
    if (mayLeaveQuarantine(delivery)) return;
    const times = truth.inQuarantine(number);
    if (times === 1) return;
    violations.add('quarantine', `delivery ${number} was refused, and is there ${times} times`);
  }

  function namesErased({ userId, mentions }: Delivery): boolean {
    return erased.isBegun(userId) || (mentions !== undefined && erased.isBegun(mentions));
  }

  function checkReason({ body }: Answer, { name }: Instance): void {
    if (!/lost events|is closed/.test(body.detail ?? '') || hasBeenRestored()) return;
    violations.add('cursor', `${name} said without a restore: ${body.detail}`);
  }

  function repeat(): void {
    const known = [
      ...[...acknowledged.values()].map(({ delivery }) => delivery),
      ...refused.values(),
    ];
    if (known.length > 0) deliver(random.pick(known));
  }

  return {
    make,
    post(count) {
      for (let left = count; left > 0; left -= 1) {
        deliver(make());
        if (count > 1 && random.chance(0.2)) repeat();
      }
    },
    deliver,
    repeat,
    restored() {
      for (const number of refused.keys()) if (!truth.holds(number)) refused.delete(number);
      for (const [number, known] of acknowledged) {
        if (truth.holds(number)) {
          // A redelivery may have stored it again, at another position than the one that was lost.
          if (known.position !== truth.positionOf(number)) {
            acknowledged.set(number, { ...known, position: undefined });
          }
          continue;
        }
        acknowledged.delete(number);
        deliver(known.delivery);
      }
    },
    open: () => open.size,
    acknowledged: () => acknowledged.size,
    check() {
      for (const [number, { delivery }] of acknowledged) {
        if (truth.holds(number) || mayBeGone(delivery)) continue;
        violations.add('stored', `delivery ${number} was acknowledged, and is gone`);
      }
      for (const { delivery } of acknowledged.values()) {
        if (!delivery.isStorable) checkQuarantine(delivery);
      }
      for (const delivery of refused.values()) checkQuarantine(delivery);
      for (const { number } of open) violations.add('hang', `delivery ${number} has no answer`);
    },
  };
}

import type { StoredEvent } from '../../../src/catalog/event.ts';
import { EventlineError } from '../../../src/errors.ts';
import { type Filter, toPredicate } from '../../../src/log/read/filter.ts';
import type { Random } from '../../faults/random.ts';
import type { World } from '../world.ts';
import type { ErasedUsers } from './erased-users.ts';
import type { Instance } from './instance.ts';
import { numberOf } from './make-delivery.ts';
import type { TrueEvent, Truth } from './truth.ts';
import type { Violations } from './violations.ts';

/** A client that reads events for the whole run, from one instance after the other. */
export interface Subscriber {
  readonly name: string;
  /** Moves to another instance, like a client whose connection was cut. */
  disconnect(): void;
  /** Reads the whole log again, slowly. */
  replay(): void;
  /** Reads as fast as possible from now on. */
  hurry(): void;
  /** The log was restored to a state whose last position is this. */
  restored(toPosition: number): void;
  /** True when it has received all matching events. */
  isComplete(): boolean;
  /** Reports missing events as violations. */
  check(): void;
  end(): void;
}

/** An instance that was stopped, or cut off, may be so far behind the others. */
const MAX_BEHIND_MS = 30_000;

interface Options {
  world: World;
  random: Random;
  name: string;
  filter: Filter;
  /** How long events are kept, in milliseconds; undefined for forever. */
  keepMs: number | undefined;
  running: () => readonly Instance[];
  truth: Truth;
  erased: ErasedUsers;
  violations: Violations;
  hasBeenRestored: () => boolean;
}

export function startSubscriber(options: Options): Subscriber {
  const { world, random, name, filter, keepMs, running, truth, erased, violations } = options;
  const { time, trace } = world;
  const matches = toPredicate(filter);
  const given = new Set<number>();
  /** Undefined until it has started. */
  let startsBehind: number | undefined;
  let last = 0;
  /** A position stands for its cursor, which is equal on every instance. */
  let cursor: string | number | undefined;
  /** Positions that it may miss, since they were removed or lost before it read them. */
  const excused: { after: number; upTo: number }[] = [];
  let isSlow = random.chance(0.3);
  let mustReplay = false;
  let hasEnded = false;
  let leave: () => void = () => undefined;

  void run();

  async function run(): Promise<void> {
    while (!hasEnded) {
      const instances = running();
      if (instances.length > 0) {
        const instance = random.pick(instances);
        if (cursor !== undefined && (mustReplay || random.chance(0.04))) startOver();
        await read(instance).catch((error) => refused(instance, error));
      }
      await time.wait(random.whole(10, 1_500));
    }
  }

  /** Like a client that has lost its data, and reads the whole log again. */
  function startOver(): void {
    trace.add(`${name} starts over`);
    mustReplay = false;
    given.clear();
    excused.length = 0;
    last = 0;
    startsBehind = 0;
    cursor = 0;
  }

  async function read(instance: Instance): Promise<void> {
    const { log, feed } = instance;
    const left = new Promise<undefined>((resolve) => {
      leave = () => resolve(undefined);
      void instance.gone.then(() => resolve(undefined));
    });
    const resumed = typeof cursor === 'number' ? log.cursors.encode(cursor) : cursor;
    const opened = resumed === undefined ? log.tailer.head() : log.positionOf(resumed);
    const start = await Promise.race([opened, left]);
    if (start === undefined) return;
    // Without a cursor it starts again at the end of the log, as far as the instance knows it.
    if (cursor === undefined) {
      startsBehind = start;
      last = start;
    }
    last = Math.max(last, start);
    trace.add(`${name} reads at ${instance.name} behind ${start}`);
    const events = feed.subscribe(filter, start);
    // Over WebSocket events are pushed, over SSE they are pulled.
    const isPushed = random.chance(0.5);
    if (isPushed) events.pipe((event, onDrained) => offer(event, instance, onDrained));
    try {
      for (;;) {
        const result = await Promise.race([events.next(), left]);
        if (result === undefined || result.done || hasEnded) return;
        take(result.value, instance);
        const pauseMs = drawPauseMs();
        if (pauseMs > 0) await time.wait(pauseMs);
        if (random.chance(0.01)) return;
      }
    } finally {
      void events.return?.();
    }
  }

  /** Takes a pushed event, refuses it, or is full for a while. */
  function offer(event: StoredEvent, instance: Instance, onDrained: () => void) {
    if (hasEnded || random.chance(0.01)) return 'refused';
    const pauseMs = drawPauseMs();
    if (pauseMs > 0) {
      void time.wait(pauseMs).then(onDrained);
      return 'full';
    }
    take(event, instance);
    return 'taken';
  }

  /** How long a slow client does not read, in milliseconds. */
  function drawPauseMs(): number {
    if (!isSlow || !random.chance(0.1)) return 0;
    return random.chance(0.9) ? random.whole(100, 5_000) : random.whole(10_000, 40_000);
  }

  function take(event: StoredEvent, instance: Instance): void {
    const { position } = event;
    trace.add(`${name} gets ${position}`);
    if (given.has(position)) violations.add('once', `${name} was given ${position} twice`);
    else if (position <= last) {
      violations.add('order', `${name} was given ${position} behind ${last}`);
    }
    const known = truth.at(position);
    const number = numberOf(event.payload);
    // An event that a restore has overtaken on its way, or in the buffers of a slow client. One that
    // was erased has no number, and the restore may have brought its old form back.
    const isLost =
      number === undefined
        ? options.hasBeenRestored()
        : truth.wasLostAt(position, number) || (known === undefined && truth.wasLost(number));
    if (!isLost && (known === undefined || (!known.isRewritten && known.number !== number))) {
      violations.add(
        'order',
        `${name} was given delivery ${number} at ${position}, where ${known?.number ?? 'nothing'} is`,
      );
    }
    if (!matches(event))
      violations.add('order', `${name} was given ${position}, which it did not want`);
    erased.check(event, `${name} at ${instance.name}`);
    given.add(position);
    last = position;
    cursor = position;
  }

  function refused({ name: where, log }: Instance, error: unknown): void {
    if (!(error instanceof EventlineError)) {
      violations.add('fault', `${name} at ${where}: ${error}`);
      return;
    }
    trace.add(`${name} is refused at ${where}: ${error.code}`);
    if (error.code === 'CURSOR_EXPIRED') {
      const oldest = log.cursors.decode(error.details.oldestCursor ?? '');
      // A restore brings removed events back.
      const isKept = oldest > truth.removedUpTo() && !options.hasBeenRestored();
      if (isKept || oldest <= last) {
        violations.add('cursor', `${name} behind ${last} was told that ${oldest} is gone`);
      }
      excused.push({ after: last, upTo: oldest });
      last = Math.max(last, oldest);
      cursor = error.details.oldestCursor;
    } else if (error.code !== 'SERVICE_UNAVAILABLE') {
      const isTrue = options.hasBeenRestored() && last > truth.head();
      if (!isTrue) violations.add('cursor', `${name} behind ${last} was refused: ${error.message}`);
    } else if (/lost events/.test(error.message) && !options.hasBeenRestored()) {
      violations.add('cursor', `${name} was told without a restore: ${error.message}`);
    }
  }

  /** Positions of matching events that it has not received, without those that may be missing. */
  function missing(): number[] {
    if (startsBehind === undefined) return [];
    const lacking: number[] = [];
    for (let position = startsBehind + 1; position <= truth.head(); position += 1) {
      const event = truth.at(position);
      if (event === undefined || event.isRewritten || given.has(position)) continue;
      if (wasOld(event)) continue;
      if (excused.some(({ after, upTo }) => position > after && position <= upTo)) continue;
      if (isExpected(event)) lacking.push(position);
    }
    return lacking;
  }

  /** True if it waited in the inbox for so long that retention removed it before it was read. */
  function wasOld({ position, receivedMs, durableMs }: TrueEvent): boolean {
    if (keepMs === undefined || position > truth.removedUpTo()) return false;
    return receivedMs + keepMs < durableMs + MAX_BEHIND_MS;
  }

  function isExpected({ type, userId }: TrueEvent): boolean {
    const { types, userIds } = filter;
    return (types?.includes(type) ?? true) && (userIds?.includes(userId ?? '') ?? true);
  }

  return {
    name,
    disconnect: () => leave(),
    replay() {
      isSlow = true;
      mustReplay = true;
      leave();
    },
    hurry() {
      isSlow = false;
    },
    restored(toPosition) {
      // After a restore it may receive other events at the lost positions; or not, if an instance gave
      // them out before the log was declared restored.
      excused.push({ after: toPosition, upTo: last });
      for (const position of given) if (position > toPosition) given.delete(position);
    },
    isComplete: () => missing().length === 0,
    check() {
      const lacking = missing();
      if (lacking.length === 0) return;
      violations.add(
        'once',
        `${name} never got ${lacking.slice(0, 5).join(', ')} (behind ${last})`,
      );
    },
    end() {
      hasEnded = true;
      leave();
    },
  };
}

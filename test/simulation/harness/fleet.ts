import type { Random } from '../../faults/random.ts';
import type { World } from '../world.ts';
import { type Instance, startInstance } from './instance.ts';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';
import { createPublicationCheck } from './publication-check.ts';
import type { Truth } from './truth.ts';
import type { Violations } from './violations.ts';

/** Maximum deliveries that wait at one instance. */
const MAX_WAITING = 200;

/** The instances of a run. */
export interface Fleet {
  /** All that were ever started. */
  all(): Iterable<Instance>;
  running(): readonly Instance[];
  /** True while an instance is on its way to be ready. */
  isStarting(): boolean;
  /** Those that believe to hold the writer lease. */
  holders(): readonly Instance[];
  /** Starts an instance after a pause, and again until it succeeds. */
  start(): Promise<void>;
  /** Starts as many as the plan has. */
  startAll(): void;
  /** Starts an instance in place of one that ends. */
  replace(instance: Instance): void;
  /** Stops all of them; resolves when every instance has ended. */
  stop(): Promise<unknown>;
}

interface Options {
  world: World;
  seed: number;
  plan: Plan;
  random: Random;
  progress: Progress;
  truth: Truth;
  violations: Violations;
}

export function createFleet(options: Options): Fleet {
  const { world, seed, plan, random, progress, truth, violations } = options;
  const { time, trace } = world;
  const instances = new Set<Instance>();
  const endings: Promise<void>[] = [];
  let started = 0;
  let starting = 0;
  const running = () => [...instances].filter(({ state }) => state === 'running');

  async function start(): Promise<void> {
    for (;;) {
      await time.wait(random.whole(100, 3_000));
      if (progress.isRestoring) continue;
      if (progress.isOver) return;
      started += 1;
      const name = `i${started}`;
      const check = createPublicationCheck(name, { truth, progress, violations });
      const options = { ...plan, maxWaiting: MAX_WAITING, onPublished: check.publish };
      starting += 1;
      const instance = await startInstance(world, name, seed, options).catch((error) => {
        trace.add(`${name} cannot start: ${error}`);
      });
      starting -= 1;
      if (instance) {
        instances.add(instance);
        check.start(instance.log.tailer.head());
        trace.add(`${name} is ready at ${instance.log.tailer.head()}`);
        return;
      }
    }
  }

  return {
    all: () => instances,
    running,
    isStarting: () => starting > 0,
    holders: () => running().filter(({ log }) => log.writer().isHolder),
    start,
    startAll() {
      for (let left = plan.instances; left > 0; left -= 1) void start();
    },
    replace(instance) {
      endings.push(instance.gone);
      void start();
    },
    stop: () => Promise.all([...endings, ...running().map((instance) => instance.stop())]),
  };
}

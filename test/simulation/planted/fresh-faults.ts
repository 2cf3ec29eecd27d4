import { fault, type PlantedFault } from './planted-fault.ts';

/** Faults that were chosen by someone who had not seen the simulation. */
export const freshFaults: readonly PlantedFault[] = [
  fault(
    'share-the-events-of-a-page',
    'feed/page-cache.ts',
    'return { ...result, events: [...events],',
    'return { ...result, events: result.events,',
  ),
  fault(
    'drop-pages-after-the-question',
    'feed/catch-up-subscription.ts',
    '    this.#dropPages();\n    const wasCaughtUp = this.#isCaughtUp();\n',
    '    const wasCaughtUp = this.#isCaughtUp();\n    this.#dropPages();\n',
  ),
  fault(
    'take-a-part-for-the-page',
    'log/read/log-reader.ts',
    '(forward && full) || found.at(-1)?.position === upTo;',
    '(forward && full) || found.length > 0;',
  ),
  fault(
    'delete-an-entry-before-its-cleaned-form',
    'erasure/erase-inbox.ts',
    `  await inbox.insertOne(after).catch(ignoreDuplicateKey(() => undefined));
  await inbox.deleteOne({ _id: before._id });
`,
    `  await inbox.deleteOne({ _id: before._id });
  await inbox.insertOne(after).catch(ignoreDuplicateKey(() => undefined));
`,
  ),
  fault(
    'trust-an-answer-from-its-arrival',
    'log/state/log-state.ts',
    'readAtMs = startedMs;',
    'readAtMs = Math.max(startedMs, performance.now());',
  ),
  fault(
    'refuse-the-newest-of-full-queues',
    'feed/bounded-queue.ts',
    'this.#refuse(this.#items[this.#taken]?.value ?? value);',
    'this.#refuse(value);',
  ),
  fault(
    'keep-what-was-read-ahead',
    'feed/catch-up-subscription.ts',
    '    if (first) this.#seen = first.position - 1;\n',
    '    if (first === undefined) return;\n    this.#seen = first.position - 1;\n',
  ),
  fault(
    'believe-the-first-primary',
    'log/state/log-state.ts',
    'if (isYounger(TRUST_MS)) return majority;',
    'if (isYounger(Number.POSITIVE_INFINITY)) return majority;',
  ),
];

import { fault, type PlantedFault } from './planted-fault.ts';

/** Faults that were chosen last, by reading the parts of the sources that no other fault touches. */
export const unseenFaults: readonly PlantedFault[] = [
  fault('remove-without-announcing', 'log/remove-announced.ts', '  await pause(announceMs);\n', ''),
  fault(
    'share-a-page-with-the-event-before-it',
    'feed/page-cache.ts',
    'events.filter(({ position }) => position > after);',
    'events.filter(({ position }) => position >= after);',
  ),
  fault(
    'read-again-from-the-join',
    'feed/catch-up-subscription.ts',
    'this.#seen = Math.max(this.#seen, (live.refused?.position ?? 0) - 1);',
    'this.#seen = this.#joinedAt;',
  ),
  fault(
    'declare-a-restore-at-once',
    'log/declare-restored.ts',
    '  await wait(announceMs, undefined, { signal });\n',
    '',
  ),
  fault(
    'commit-without-waiting',
    'storage/with-transaction.ts',
    'work(session).catch(giveUp)',
    'work(session).then((result) => (void session.commitTransaction().catch(() => undefined), result), giveUp)',
  ),
];

import { fault, type PlantedFault } from './planted-fault.ts';

/** Faults that were chosen by reading the sources alone, without the simulation. */
export const unseenFaults: readonly PlantedFault[] = [
  fault('remove-without-announcing', 'log/remove-announced.ts', '  await pause(announceMs);\n', ''),
  fault(
    'share-a-page-with-the-event-before-it',
    'feed/page-cache.ts',
    'events.filter(({ position }) => position > after);',
    'events.filter(({ position }) => position >= after);',
  ),
  fault(
    'trust-a-read-across-an-erasure',
    'log/state/read-at-stable-epoch.ts',
    'if (erasures?.epoch() === epoch) return result;',
    'return result;',
  ),
  fault(
    'use-a-page-that-was-read-ahead-elsewhere',
    'feed/replay.ts',
    '      if (ahead?.after !== after) invalidate();\n',
    '',
  ),
  fault(
    'commit-without-waiting',
    'storage/with-transaction.ts',
    'work(session).catch(giveUp)',
    'work(session).then((result) => (void session.commitTransaction(), result), giveUp)',
  ),
];

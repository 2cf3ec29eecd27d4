import { fault, type PlantedFault } from './planted-fault.ts';

/** Faults of the erasure and of the quarantine. */
export const erasureFaults: readonly PlantedFault[] = [
  fault(
    'wait-for-ever-in-quarantine',
    'storage/concerns.ts',
    'wtimeoutMS: MAJORITY_TIMEOUT_MS,',
    '',
  ),
  fault(
    'keep-nothing-in-quarantine',
    'log/quarantine.ts',
    'return logState.forbids(rawBody);',
    'return false;',
  ),
  fault(
    'confirm-before-removal',
    'erasure/erase-user.ts',
    'removeAnnounced({ collections, signal, pause: (ms) => wait(ms, undefined, { signal }) }),',
    'Promise.resolve(0),',
  ),
  fault('erase-once', 'erasure/erase-user.ts', 'if (round > 0 && found === 0) break;', 'break;'),
  fault(
    'erase-without-announcing',
    'erasure/erase-user.ts',
    'await wait(announceMs, undefined, { signal });',
    '',
  ),
  fault(
    'give-out-what-slipped',
    'log/erase-slipped.ts',
    'if (slipped.length === 0) return false;',
    'return false;',
  ),
  fault(
    'forget-the-quarantine',
    'erasure/erase-quarantine.ts',
    'if (id === names.userId ||',
    'if (',
  ),
  fault(
    'forget-the-mentions',
    'erasure/erase-mentions.ts',
    'if (!dry) await rewriteEvents(',
    'if (dry) await rewriteEvents(',
  ),
  fault(
    'erase-outside-the-transaction',
    'erasure/erase-own.ts',
    'const { deletedCount } = await events.deleteMany({ _id: { $in: ids } }, { session });',
    'const { deletedCount } = await events.deleteMany({ _id: { $in: ids } });',
  ),
  fault(
    'lose-a-cleaned-entry',
    'erasure/erase-inbox.ts',
    '  await inbox.insertOne(after).catch(ignoreDuplicateKey(() => undefined));\n',
    '',
  ),
  fault(
    'forget-the-mentions-in-the-inbox',
    'erasure/erase-inbox.ts',
    '    if (changed === event) continue;',
    '    if (changed === event || event.userId === null) continue;',
  ),
];

import { applyUpdate, toUpserted } from '../replica-set/apply-update.ts';
import { toId } from '../replica-set/collection-data.ts';
import type { Member } from '../replica-set/member.ts';
import { toKey, type View } from '../replica-set/member-data.ts';
import type { Change } from '../replica-set/oplog.ts';
import { type Fields, isStoredBinary } from '../replica-set/stored-form.ts';
import { addToTransaction, type Transaction } from '../replica-set/transactions.ts';
import type { World } from '../world.ts';
import type { Write } from './command.ts';
import { codes, type WriteFailure } from './server-error.ts';

/** The outcome of changing one document. */
export type Applied =
  | { kind: 'done'; isChange: boolean }
  | { kind: 'refused'; failure: Omit<WriteFailure, 'index'> }
  /** Another transaction holds the document or the key, or has changed it since this one began. */
  | { kind: 'conflict' };

export interface Target {
  world: World;
  member: Member;
  collection: string;
  transaction: Transaction | undefined;
}

/** What a write reads: the newest state, or the transaction's snapshot. */
export function viewOf({ member, transaction }: Target): View {
  return transaction
    ? { at: transaction.at, overlay: transaction.overlay }
    : { at: member.log.length };
}

/** The changes that a write makes to the current documents. */
export function toChanges(
  target: Target,
  write: Write,
): { changes: Change[]; upsertedId?: unknown } {
  const { member, collection } = target;
  if (write.kind === 'insert') {
    const { document } = write;
    return {
      changes: [{ collection, id: toId(document._id), before: undefined, after: document }],
    };
  }
  const { filter, isMulti } = write;
  const limit = isMulti ? undefined : 1;
  const found = member.data.find(collection, { filter, limit }, viewOf(target));
  const toChange = (before: Fields): Change => ({
    collection,
    id: toId(before._id),
    before,
    after: write.kind === 'delete' ? undefined : applyUpdate(before, write.update),
  });
  if (found.length > 0 || write.kind === 'delete' || !write.upsert) {
    return { changes: found.map(toChange) };
  }
  const after = toUpserted(filter, write.update);
  const change = { collection, id: toId(after._id), before: undefined, after };
  return { changes: [change], upsertedId: after._id };
}

/** Makes one change, alone or within a transaction. */
export function applyChange(target: Target, change: Change): Applied {
  const { world, member, transaction } = target;
  const { collection, id, before, after } = change;
  const unique = [...(world.uniqueFields.get(collection) ?? [])];
  const keys = unique.flatMap((field) =>
    [before, after].map((document) => `${collection}/${field}=${String(document?.[field])}`),
  );
  const locks = [toKey(collection, id), ...keys];
  if (locks.some((lock) => (member.locks.get(lock) ?? transaction) !== transaction)) {
    return { kind: 'conflict' };
  }
  if (transaction && member.data.collection(collection).changedAt(id) > transaction.at) {
    return { kind: 'conflict' };
  }
  const failure = after && (invalidOf(target, change) ?? duplicateOf(target, change, unique));
  if (failure) return { kind: 'refused', failure };
  const isChange = before !== after;
  if (transaction) {
    if (isChange) addToTransaction(member, transaction, change, locks);
  } else if (isChange) world.replication.append(member, { changes: [change] });
  return { kind: 'done', isChange };
}

/**
 * Every insert and update is validated (`validationLevel: strict`), before the indexes. Source: MongoDB
 * manual, "Schema Validation"; src/mongo/db/matcher/doc_validation.
 */
function invalidOf(
  { world }: Target,
  { collection, before, after }: Change,
): Omit<WriteFailure, 'index'> | undefined {
  const validator = world.validators.get(collection);
  if (validator === undefined || after === undefined || before === after) return undefined;
  if (validator.accepts(after)) return undefined;
  const [operatorName] = Object.keys(validator.query);
  return {
    code: codes.DocumentValidationFailure,
    errmsg: 'Document failed validation',
    errInfo: {
      failingDocumentId: after._id,
      details: { operatorName, specifiedAs: validator.query, reason: 'expression did not match' },
    },
  };
}

/**
 * Source: MongoDB, `DuplicateKeyErrorInfo` and `buildDupKeyErrorStatus`. The driver keeps this
 * text.
 */
function duplicateOf(
  { member, transaction }: Target,
  { collection, id, before, after }: Change,
  unique: readonly string[],
): Omit<WriteFailure, 'index'> | undefined {
  const newest: View = { at: member.log.length, overlay: transaction?.overlay };
  if (before === undefined && member.data.read(collection, id, newest)) {
    return duplicate(collection, '_id', after?._id);
  }
  for (const field of unique) {
    const value = after?.[field];
    if (value === before?.[field]) continue;
    for (const other of member.data.collection(collection).having(field, value)) {
      if (other === id) continue;
      const holder = member.data.read(collection, other, newest);
      if (holder?.[field] === value) return duplicate(collection, field, value);
    }
  }
  return undefined;
}

function duplicate(collection: string, field: string, value: unknown): Omit<WriteFailure, 'index'> {
  const name = field === '_id' ? '_id_' : `${field}_1`;
  const shown = isStoredBinary(value) ? `BinData(0, ${value.slice(8)})` : JSON.stringify(value);
  return {
    code: codes.DuplicateKey,
    errmsg: `E11000 duplicate key error collection: eventline.${collection} index: ${name} dup key: { ${field}: ${shown} }`,
    keyPattern: { [field]: 1 },
    keyValue: { [field]: value },
  };
}

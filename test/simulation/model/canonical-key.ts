import type { Op } from './database.ts';
import type { Pending, State, Writer } from './state.ts';

type Label = (event: string) => string;

/**
 * A text that two states have in common only if they differ in nothing but the names of writers and
 * events. No decision depends on these names, so what follows from such states differs in nothing
 * else either: one of them is enough (symmetry reduction).
 */
export function canonicalKey(state: State): string {
  const holder = state.database.durable.lease?.holder;
  const shapes = state.writers.map(
    (writer, index) => `${holder === nameOf(index)}${shapeOf(writer)}`,
  );
  let least: string | undefined;
  for (const order of ordersOf(shapes)) {
    const key = keyIn(state, order);
    if (least === undefined || key < least) least = key;
  }
  return least ?? '';
}

/** Writers are part of many states. */
const known = new WeakMap<Writer, string>();

/** What a writer has in common with those that differ only in the names of events. */
function shapeOf(writer: Writer): string {
  let shape = known.get(writer);
  if (shape === undefined) {
    shape = ofWriter(writer, () => '?');
    known.set(writer, shape);
  }
  return shape;
}

/** All orders of the writers in which their shapes ascend; writers of one shape in any order. */
function ordersOf(shapes: readonly string[]): number[][] {
  const left = shapes.map((_, index) => index);
  left.sort((one, other) => compare(shapes[one], shapes[other]));
  let orders: number[][] = [[]];
  for (let start = 0; start < left.length; ) {
    let end = start + 1;
    while (end < left.length && shapes[left[end] ?? 0] === shapes[left[start] ?? 0]) end += 1;
    const permutations = permute(left.slice(start, end));
    orders = orders.flatMap((order) => permutations.map((more) => [...order, ...more]));
    start = end;
  }
  return orders;
}

function compare(one = '', other = ''): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function permute(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item) =>
    permute(items.filter((one) => one !== item)).map((rest) => [item, ...rest]),
  );
}

/** Names events in the order in which they occur. */
function keyIn(state: State, order: readonly number[]): string {
  const { database, writers, told, failovers, lostAnswers, takes } = state;
  const { log, inbox, lease } = database.durable;
  const labels = new Map<string, string>();
  const label: Label = (event) => {
    const known = labels.get(event);
    if (known !== undefined) return known;
    const next = String.fromCharCode(97 + labels.size);
    labels.set(event, next);
    return next;
  };
  const placeOf = (holder: string) => order.indexOf(Number(holder.slice(1)));
  let key = `${failovers}${lostAnswers}${takes}|`;
  for (const event of log) key += event === null ? '_' : label(event);
  key += `|${inbox.map(label).join('')}|`;
  if (lease) key += `${placeOf(lease.holder)}.${lease.counter}`;
  for (const op of database.ops) key += ofOp(op, label, placeOf);
  for (const index of order) key += `|${ofWriter(writers[index] as Writer, label)}`;
  key += '|';
  // What was acknowledged is in the log or in the inbox, so it has a label.
  for (const event of labels.keys()) key += `${told[event] ?? '-'}`;
  return key;
}

function ofOp(op: Op, label: Label, placeOf: (holder: string) => number): string {
  if (op.kind === 'lease') return `;${placeOf(op.holder)}.${op.counter}`;
  if (op.kind === 'log') return `;${op.position}${label(op.event)}`;
  return op.kind === 'in' ? `;+${label(op.event)}` : `;-${label(op.event)}`;
}

function ofWriter(writer: Writer, label: Label): string {
  const { lease, isCaughtUp, queue, work, moving, moved } = writer;
  // The order of what is being moved decides nothing; the log or the inbox has named it already.
  const labels = (events: readonly string[], isSet = false) =>
    (isSet ? events.map(label).sort() : events.map(label)).join('');
  let key = lease.phase === 'holding' ? 'H' : 'W';
  key += `${isCaughtUp ? 1 : 0}${ofPending(queue, label)},${labels(moving, true)},${labels(moved)}`;
  if (work === undefined) return key;
  key += `,${ofPending(work.rest, label)},${work.size}.${work.state.width}`;
  if (work.sent) key += work.sent.isCut ? 'x' : work.sent.isDurable ? 'd' : 's';
  if (work.kind === 'accept') {
    const { hasLooked, isSlow, sent } = work;
    return `${key}I${hasLooked ? 1 : 0}${isSlow ? 1 : 0}${sent ? sent.duplicates.join('.') : ''}`;
  }
  const { action, sent } = work;
  const { head, isSure } = work.state;
  key += `A${action.kind[0]}${'mustPause' in action && action.mustPause ? 1 : 0}`;
  key += `${head ?? '-'}${isSure ? 1 : 0}`;
  if (sent === undefined) return key;
  const { kind } = sent.outcome;
  return `${key}${kind}${'stored' in sent.outcome ? sent.outcome.stored : ''}.${sent.first}.${sent.events}`;
}

function ofPending(pending: readonly Pending[], label: Label): string {
  let key = '';
  for (const { event, isEntry } of pending) key += isEntry ? `+${label(event)}` : label(event);
  return key;
}

const nameOf = (index: number) => `w${index}`;

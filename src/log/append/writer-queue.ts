import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { TurnsDocument } from '../../storage/documents.ts';
import { ignoreDuplicateKey } from '../../storage/duplicate-key.ts';
import type { Collection } from '../../storage/models.ts';

/** How often the one who is next looks whether it is called, in milliseconds; a random part. */
const POLL_MS = 4;
/** So many times as seldom at the most do those behind it. */
const MOST_POLLS = 4;
/** How often a writer that writes without turns looks whether somebody waits, in milliseconds. */
const LOOK_MS = 40;
/** A write that only this courtesy depends on need not be durable. */
const LIGHT = { writeConcern: { w: 1 } } as const;

/**
 * Turns for the processes that append to one log. The unique index keeps the log right whoever
 * writes when; but a writer that has just won knows the head already and wins again, and the others
 * starve. So who loses draws a number, and who has one writes when it is called.
 *
 * Nothing depends on it but fairness: one that dies in its turn, or a document that is lost, costs
 * the others half a second.
 */
export interface Turns {
  /**
   * Waits for this process's turn if there are others that write.
   *
   * @param isWanted false when there is nothing to write any more: then it waits no longer
   */
  take(isWanted?: () => boolean): Promise<Turn>;
  /** Told when another writer was faster: from now on turns are taken. */
  raceLost(): void;
}

export interface Turn {
  /** False while there are no others that write. */
  readonly isTaken: boolean;
  /** Where the log ended when the last turn was over, as far as is told; 0 if it is not. */
  readonly head: number;
  /**
   * Lets the next one write.
   *
   * @param head where the log ends now
   * @param again true when there is more to write: it stands in line again at once
   */
  end(head: number, again: boolean): Promise<void>;
}

const NO_TURN: Turn = { isTaken: false, head: 0, end: async () => undefined };

export interface TurnsOptions {
  /** How long a turn may last before the others go on without it, in milliseconds. */
  stuckMs?: number;
  /** How long turns are taken after they were last needed, in milliseconds. */
  calmMs?: number;
}

/** @param turns the collection `meta`, which holds the one document of the turns */
export function createTurns(
  turns: Collection<TurnsDocument>,
  { stuckMs = 500, calmMs = 1_000 }: TurnsOptions = {},
): Turns {
  let contendedUntilMs = 0;
  let lookedAtMs = 0;
  /** A number that was drawn when the last turn ended, and how the line stood then. */
  let drawn: TurnsDocument | null = null;

  const contended = () => {
    contendedUntilMs = performance.now() + calmMs;
  };

  /** Looks beside the write that is under way whether others have numbers. */
  function look(): void {
    if (performance.now() - lookedAtMs < LOOK_MS) return;
    lookedAtMs = performance.now();
    turns.findOne({ _id: 'turns' }).then(
      (document) => {
        if (document && document.next > document.serving) contended();
      },
      () => undefined,
    );
  }

  /**
   * Without an upsert: of two first ones at once the embedded database answers null to one, and has
   * counted it all the same. Its number would be nobody's, and all would wait for it.
   */
  async function draw(): Promise<TurnsDocument | null> {
    const increment = () =>
      turns.findOneAndUpdate(
        { _id: 'turns' },
        { $inc: { next: 1 } },
        { returnDocument: 'after', ...LIGHT },
      );
    const line = await increment();
    if (line) return line;
    await turns
      .insertOne({ _id: 'turns', next: 0, serving: 0, head: 0 }, LIGHT)
      .catch(ignoreDuplicateKey(() => undefined));
    return increment();
  }

  /** Resolves with the head when the number is called; whoever does not move is passed over. */
  async function called(
    number: number,
    line: TurnsDocument,
    isWanted: () => boolean,
  ): Promise<number> {
    let serving = Number.NaN;
    let sinceMs = performance.now();
    for (let now: TurnsDocument | null = line; ; now = await turns.findOne({ _id: 'turns' })) {
      if (now === null || !isWanted()) return 0;
      // In a document that was lost and made anew, or restored, this number was never drawn.
      if (now.serving >= number || now.next <= number || now.serving < serving) return now.head;
      contended();
      if (now.serving !== serving) {
        serving = now.serving;
        sinceMs = performance.now();
      } else if (performance.now() - sinceMs > stuckMs) {
        await turns.updateOne({ _id: 'turns', serving }, { $inc: { serving: 1 } }, LIGHT);
      }
      // The farther it is from its turn, the less often it asks.
      await wait(1 + randomInt(POLL_MS) * Math.min(number - serving, MOST_POLLS));
    }
  }

  /** Calls the next number, unless somebody else has done so, and draws another one if wanted. */
  async function callNext(number: number, head: number, again: boolean): Promise<void> {
    const line = await turns.findOneAndUpdate(
      { _id: 'turns', serving: number },
      { $inc: { serving: 1, ...(again && { next: 1 }) }, $max: { head } },
      { returnDocument: 'after', ...LIGHT },
    );
    if (again) drawn = line;
  }

  return {
    raceLost: contended,
    async take(isWanted = () => true) {
      if (drawn === null && performance.now() > contendedUntilMs) {
        look();
        return NO_TURN;
      }
      try {
        const line = drawn ?? (await draw());
        drawn = null;
        if (line === null) return NO_TURN;
        const number = line.next - 1;
        const head = await called(number, line, isWanted);
        return {
          isTaken: true,
          head,
          end: (end, again) => callNext(number, end, again).catch(() => undefined),
        };
      } catch {
        // Without a database there is no turn; the insert finds out what is wrong with it.
        return NO_TURN;
      }
    },
  };
}

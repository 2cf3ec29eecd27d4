import type { Fields } from '../replica-set/stored-form.ts';

export interface WriteConcern {
  w?: number | 'majority' | undefined;
  wtimeoutMS?: number | undefined;
}

/** Options of every command on a collection. */
interface Common {
  collection: string;
  /** The transaction of the command; `isFirst` for the command that begins it. */
  transaction?: { id: string; isFirst: boolean } | undefined;
}

export interface ReadCommand extends Common {
  kind: 'find' | 'count' | 'aggregate';
  filter: Fields;
  sort?: Readonly<Record<string, 1 | -1>> | undefined;
  limit?: number | undefined;
  pipeline?: Fields[] | undefined;
  readConcern: string;
  maxTimeMS?: number | undefined;
}

/** One of the writes of a command. */
export type Write =
  | { kind: 'insert'; document: Fields }
  | { kind: 'update'; filter: Fields; update: Fields; upsert: boolean; isMulti: boolean }
  | { kind: 'delete'; filter: Fields; isMulti: boolean };

export interface WriteCommand extends Common {
  kind: 'write';
  writes: readonly Write[];
  isOrdered: boolean;
  writeConcern: WriteConcern;
}

export interface FindAndModifyCommand extends Common {
  kind: 'findAndModify';
  filter: Fields;
  sort?: Readonly<Record<string, 1 | -1>> | undefined;
  /** Undefined to delete the document. */
  update: Fields | undefined;
  upsert: boolean;
  returnsNew: boolean;
  writeConcern: WriteConcern;
}

export interface EndTransactionCommand {
  kind: 'commit' | 'abort';
  transaction: { id: string };
  writeConcern: WriteConcern;
}

export interface OpenStreamCommand {
  kind: 'openStream';
  collection: string;
  pipeline: Fields[];
  /** The index after which the stream starts; undefined for the present. */
  resumeAfter: number | undefined;
}

export interface GetMoreCommand {
  kind: 'getMore';
  cursor: number;
  maxAwaitMs: number;
}

export type Command =
  | ReadCommand
  | WriteCommand
  | FindAndModifyCommand
  | EndTransactionCommand
  | OpenStreamCommand
  | GetMoreCommand;

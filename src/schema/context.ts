import type { Viewer } from '../auth/viewer.ts';
import type { NewEvent } from '../catalog/event.ts';
import type { Limits } from '../config/limits.ts';
import type { Eraser } from '../erasure/eraser.ts';
import type { Feed } from '../feed/feed.ts';
import type { Semaphore } from '../feed/semaphore.ts';
import type { Log } from '../log/log.ts';
import type { OperationMemory } from '../memory/memory-budget.ts';
import type { Projections } from '../projections/projections.ts';
import type { Statistics } from '../statistics/create-statistics.ts';

/** Context of every resolver. Over WebSocket it is created once per operation. */
export interface GraphqlContext {
  readonly viewer: Viewer;
  readonly log: Pick<
    Log,
    | ('reader' | 'tailer' | 'cursors' | 'eventIds' | 'hashContact')
    | ('positionOf' | 'placeOf' | 'expired' | 'state')
    | 'quarantine'
  > & { readonly eraser: Eraser; readonly statistics: Statistics };
  readonly feed: Pick<Feed, 'subscribe' | 'follow'>;
  readonly views: Projections;
  /** The operation is in the address of a GET, which the logs of proxies have. */
  readonly isInAddress?: boolean;
  /** Shared by the subscriptions of one connection; absent where a connection has only one. */
  readonly budget?: Semaphore | undefined;
  readonly limits: Limits;
  /** Memory for what is read and answered; absent where nothing bounds it, as in some tests. */
  readonly memory?: OperationMemory | undefined;
  /** Retries refused deliveries; injected by the server, since the webhook implements it. */
  readonly retryRejected: (ids: readonly string[]) => AsyncIterable<Retried>;
}

/** The outcome of a retried delivery. */
export type Retried = { id: string } & (
  | { status: 'stored' | 'duplicate'; position?: number; event?: NewEvent | undefined }
  | { status: 'erased' | 'gone' }
  | { status: 'refused'; problem: string; detail: string }
  | { status: 'failed'; error: unknown }
);

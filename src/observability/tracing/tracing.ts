import type { IncomingMessage } from 'node:http';
import type { NewEvent } from '../../catalog/event.ts';
import type { InsertReport } from '../../log/append/types.ts';
import type { DeliveryOutcome } from '../../webhook/handle-delivery.ts';

/**
 * Follows a delivery from its POST through the insert to its publication. Where it is not wanted
 * there is none, and nothing is done.
 */
export interface Tracing {
  /** A delivery has come in. */
  onDelivery(request: IncomingMessage): void;
  /** What it says is known: by this the insert and the publication are led back to it. */
  onParsed(request: IncomingMessage, event: NewEvent): void;
  /** It was answered. */
  onOutcome(request: IncomingMessage, outcome: DeliveryOutcome): void;
  /** An insert was made, of events of several deliveries. */
  onInsert(report: InsertReport): void;
  /** An event is about to be published; to be called once more, by what it returns, when it was. */
  onPublish(event: NewEvent): (() => void) | undefined;
  /** Sends what is left. */
  close(): Promise<void>;
}

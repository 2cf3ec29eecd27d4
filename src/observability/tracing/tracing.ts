import type { IncomingMessage } from 'node:http';
import type { NewEvent } from '../../catalog/event.ts';
import type { InsertReport } from '../../log/append/types.ts';
import type { DeliveryReport } from '../../webhook/outcome.ts';

/**
 * Traces a delivery from its POST through the insert to its publication. Without tracing there is
 * no such object and no cost.
 */
export interface Tracing {
  /** A delivery arrived. */
  onDelivery(request: IncomingMessage): void;
  /** The delivery was parsed; the event links its insert and publication to it. */
  onParsed(request: IncomingMessage, event: NewEvent): void;
  /** The delivery was answered. */
  onOutcome(request: IncomingMessage, outcome: DeliveryReport): void;
  /** A batch with events of several deliveries was inserted. */
  onInsert(report: InsertReport): void;
  /** An event is about to be published; the returned function reports that it was. */
  onPublish(event: NewEvent): (() => void) | undefined;
  /** Sends the remaining traces. */
  close(): Promise<void>;
}

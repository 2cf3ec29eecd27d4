import type { NewEvent } from '../../catalog/event.ts';

/**
 * Traces a delivery from its POST through the insert to its publication. Without tracing there is
 * no such object and no cost.
 */
export interface Tracing {
  /** An event is about to be published; the returned function reports that it was. */
  onPublish(event: NewEvent): (() => void) | undefined;
  /** Sends the remaining traces. */
  close(): Promise<void>;
}

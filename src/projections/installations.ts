import type { JsonObject } from '../catalog/json.ts';
import { isOneOf } from '../storage/is-one-of.ts';
import type { Collections } from '../storage/models.ts';
import type { Visibility } from './activity.ts';
import { later, type Occurrence } from './latest.ts';
import type { SnapshotRead } from './snapshot-read.ts';
import { type FoundEvent, streamEvents } from './stream-events.ts';

/** What the events say about an installation. */
export interface Device {
  /** The payload of the latest creation event by its instant. */
  readonly created: (Occurrence & { payload: JsonObject }) | undefined;
  readonly uninstalled: Occurrence | undefined;
}

/**
 * Reads installations; one without events is missing from the result. Undefined if their events have
 * more than `maxBytes`: read fewer at once.
 */
export function readInstallations(
  { events }: Pick<Collections, 'events'>,
  readSnapshot: SnapshotRead,
  {
    ids,
    visibility,
    maxBytes,
  }: { ids: readonly string[]; visibility: Visibility; maxBytes: number },
): Promise<Map<string, Device> | undefined> {
  return readSnapshot(async ({ after, upTo }) => {
    const devices = new Map<string, Device>();
    const query = {
      ...(visibility.userIds && { userId: isOneOf(visibility.userIds) as never }),
      installationId: isOneOf(ids) as never,
      type: { $in: ['installation_created', 'app_uninstalled'] },
      position: { $gt: after, $lte: upTo },
    };
    function onEvent({ installationId = '', type, payload, ...when }: FoundEvent) {
      const { created, uninstalled } = devices.get(installationId) ?? {};
      const { occurredOn, instant, position } = when;
      const occurrence = { occurredOn, instant, position };
      devices.set(
        installationId,
        type === 'installation_created'
          ? { created: later(created, { ...occurrence, payload }), uninstalled }
          : { created, uninstalled: later(uninstalled, occurrence) },
      );
    }
    return (await streamEvents(events, query, { maxBytes, onEvent })) ? devices : undefined;
  });
}

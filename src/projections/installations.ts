import { credibleInstant } from '../catalog/credible-instant.ts';
import type { JsonObject } from '../catalog/json.ts';
import { MAX_TIME_MS } from '../log/read/log-reader.ts';
import { jsonSize } from '../memory/json-size.ts';
import { isOneOf } from '../storage/is-one-of.ts';
import type { Collections } from '../storage/models.ts';
import type { Visibility } from './activity.ts';
import { later, type Occurrence } from './latest.ts';
import type { SnapshotRead } from './snapshot-read.ts';

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
    let bytes = 0;
    const cursor = events.find(
      {
        ...(visibility.userIds && { userId: isOneOf(visibility.userIds) as never }),
        installationId: isOneOf(ids) as never,
        type: { $in: ['installation_created', 'app_uninstalled'] },
        position: { $gt: after, $lte: upTo },
      },
      { projection: { extra: 0 }, readConcern: { level: 'majority' }, maxTimeMS: MAX_TIME_MS },
    );
    for await (const document of cursor) {
      const { installationId = '', type, payload, position } = document;
      bytes += jsonSize(payload, maxBytes);
      if (bytes > maxBytes) return undefined;
      const occurredOn = credibleInstant(document);
      const { created, uninstalled } = devices.get(installationId) ?? {};
      const occurrence = { occurredOn, position, payload };
      devices.set(
        installationId,
        type === 'installation_created'
          ? { created: later(created, occurrence), uninstalled }
          : { created, uninstalled: later(uninstalled, { occurredOn, position }) },
      );
    }
    return devices;
  });
}

import type { JsonObject } from '../catalog/json.ts';
import { MAX_TIME_MS } from '../log/read/log-reader.ts';
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

/** Reads installations; one without events is missing from the result. */
export function readInstallations(
  { events }: Pick<Collections, 'events'>,
  look: SnapshotRead,
  { ids, sight }: { ids: readonly string[]; sight: Visibility },
): Promise<Map<string, Device>> {
  return look(async ({ after, upTo }) => {
    const devices = new Map<string, Device>();
    const cursor = events.find(
      {
        ...(sight.userIds && { userId: isOneOf(sight.userIds) as never }),
        installationId: isOneOf(ids) as never,
        type: { $in: ['installation_created', 'app_uninstalled'] },
        position: { $gt: after, $lte: upTo },
      },
      { projection: { extra: 0 }, readConcern: { level: 'majority' }, maxTimeMS: MAX_TIME_MS },
    );
    for await (const { installationId = '', type, payload, occurredOn, position } of cursor) {
      const { created, uninstalled } = devices.get(installationId) ?? {};
      const said = { occurredOn, position, payload };
      devices.set(
        installationId,
        type === 'installation_created'
          ? { created: later(created, said), uninstalled }
          : { created, uninstalled: later(uninstalled, { occurredOn, position }) },
      );
    }
    return devices;
  });
}

import { everything, formatView } from '../address/view.ts';
import type { UserPageQuery } from '../generated/graphql.ts';
import { fullTime } from '../words/times.ts';

type Device = NonNullable<UserPageQuery['user']>['installations']['edges'][number]['node'];

/** The devices on which a user has or had the app. */
export function Devices({ devices }: { devices: readonly Device[] }) {
  return (
    <section>
      <h3>Devices</h3>
      {devices.length === 0 && <p className="muted">No event has told of one.</p>}
      <ul className="plain">
        {[...devices].reverse().map(({ installationId, ...device }) => (
          <li key={installationId}>
            <strong>{nameOf(device)}</strong>{' '}
            <a
              href={formatView({
                page: 'stream',
                list: { ...everything, installationIds: installationId ? [installationId] : [] },
              })}
            >
              <code>{installationId?.slice(0, 8)}</code>
            </a>
            <br />
            <span className="muted">
              {device.uninstalledOn
                ? `removed ${fullTime(device.uninstalledOn)}`
                : `last seen ${fullTime(device.lastSeen)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** An installation without a creation event has no name. */
function nameOf(device: Omit<Device, 'installationId'>): string {
  const { initialDeviceModel, initialOsName, initialOsVersion, languageCode, countryCode } = device;
  const system = [initialOsName, initialOsVersion].filter(Boolean).join(' ');
  const place = [languageCode, countryCode].filter(Boolean).join('-');
  return [initialDeviceModel, system, place].filter(Boolean).join(' · ') || 'unknown device';
}

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
        {[...devices].reverse().map((device) => (
          <li key={device.installationId}>
            <strong>{nameOf(device)}</strong>{' '}
            <a
              href={formatView({
                page: 'stream',
                list: { ...everything, installationIds: [device.installationId] },
              })}
            >
              <code>{device.installationId.slice(0, 8)}</code>
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
function nameOf({ deviceModel, osName, osVersion, languageCode, countryCode }: Device): string {
  const system = [osName, osVersion].filter(Boolean).join(' ');
  const place = [languageCode, countryCode].filter(Boolean).join('-');
  return [deviceModel, system, place].filter(Boolean).join(' · ') || 'unknown device';
}

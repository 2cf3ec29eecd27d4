import { Failed } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { USER_DEVICES } from '../documents/subjects.ts';
import type { UserDevicesQuery } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { IdLink } from '../words/id-link.tsx';
import { ShortList } from '../words/short-list.tsx';
import { clockTime } from '../words/times.ts';

type Device = NonNullable<UserDevicesQuery['user']>['installations']['edges'][number]['node'];

interface DevicesProps {
  session: Session;
  /** The user. */
  id: string;
  revision: number;
}

/** The devices on which a user has or had the app. */
export function Devices({ session, id, revision }: DevicesProps) {
  const asked = useAnswer(session, USER_DEVICES, { id }, revision);
  const { edges, pageInfo } = asked.answer?.data.user?.installations ?? {};
  const devices = edges?.map(({ node }) => node) ?? [];
  return (
    <section>
      <h3>Devices</h3>
      {!asked.answer && <Pending state={asked.state} again={asked.again} />}
      {asked.answer && <Failed errors={asked.answer.errors} again={asked.again} />}
      {asked.answer?.errors.length === 0 && devices.length === 0 && (
        <p className="muted">No event has told of one.</p>
      )}
      <ShortList hasOlder={pageInfo?.hasPreviousPage}>
        {devices.reverse().map(({ installationId, ...device }) => (
          <li key={installationId}>
            <strong>{nameOf(device)}</strong>{' '}
            <IdLink page="installation" id={installationId} isShort />
            <br />
            <span className="muted">
              {device.createdOn && `installed ${clockTime(device.createdOn)} · `}
              {device.uninstalledOn
                ? `removed ${clockTime(device.uninstalledOn)}`
                : `last seen ${clockTime(device.lastSeen)}`}
            </span>
          </li>
        ))}
      </ShortList>
    </section>
  );
}

/** An installation without a creation event has no name. */
export function nameOf(
  device: Pick<
    Device,
    'initialDeviceModel' | 'initialOsName' | 'initialOsVersion' | 'languageCode' | 'countryCode'
  >,
): string {
  const { initialDeviceModel, initialOsName, initialOsVersion, languageCode, countryCode } = device;
  const system = [initialOsName, initialOsVersion].filter(Boolean).join(' ');
  const place = [languageCode, countryCode].filter(Boolean).join('-');
  return [initialDeviceModel, system, place].filter(Boolean).join(' · ') || 'unknown device';
}

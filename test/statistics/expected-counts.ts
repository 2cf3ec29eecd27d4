import type { NewEvent } from '../../src/catalog/event.ts';
import type { Filter } from '../../src/log/read/filter.ts';
import type { Dimension } from '../../src/statistics/dimensions.ts';
import { matchesFilter } from '../log/some-events.ts';

/** A key, computed plainly from the parts of a local date. */
function keyOf(dimension: Dimension, event: NewEvent, timeZone: string): unknown {
  const { type, payload } = event;
  const isMessage = type === 'message_sent' || type === 'message_read';
  const shown = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, calendar: 'iso8601', hourCycle: 'h23', weekday: 'short' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    })
      .formatToParts(event.occurredOn)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, weekday = '' } = shown;
  switch (dimension) {
    case 'MINUTE': {
      const ms = event.occurredOn.getTime();
      return new Date(Math.floor(ms / 1_000) * 1_000 - Number(shown.second) * 1_000);
    }
    case 'HOUR': {
      const pastMs = (Number(shown.minute) * 60 + Number(shown.second)) * 1_000;
      const ms = event.occurredOn.getTime();
      return new Date(Math.floor(ms / 1_000) * 1_000 - pastMs);
    }
    case 'DAY':
      return `${year}-${month}-${day}`;
    case 'WEEK': {
      const back = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday);
      const monday = Date.UTC(Number(year), Number(month) - 1, Number(day) - back);
      return new Date(monday).toISOString().slice(0, 10);
    }
    case 'MONTH':
      return `${year}-${month}-01`;
    case 'TYPE':
      return type;
    case 'TYPE_NAME':
      return event.typeName;
    case 'SPECIALITY':
      return isMessage ? payload.speciality : null;
    case 'PROFESSIONAL':
      return isMessage ? payload.professional_id : null;
    case 'STATUS': {
      const isLogin = type === 'user_logged_in' || type === 'user_first_logged_in';
      const code = isLogin ? payload.status : payload.to_status;
      if (!isLogin && type !== 'user_status_changed') return null;
      return ({ 0: 'FREE', 2: 'PREMIUM', 4: 'FREEMIUM' } as never)[code as number] ?? 'UNKNOWN';
    }
    case 'OS':
      return type === 'installation_created' ? payload.os_name : null;
    case 'COUNTRY':
      return type === 'installation_created' ? (payload.country_code ?? null) : null;
  }
}

/** Returns the rows of a count, computed plainly over the events. */
export function expectedCounts(
  events: readonly NewEvent[],
  filter: Filter,
  by: readonly Dimension[],
  timeZone: string,
) {
  const groups = new Map<string, NewEvent[]>();
  for (const event of events.filter((event) => matchesFilter(filter, event))) {
    const keys = JSON.stringify(by.map((name) => [name, keyOf(name, event, timeZone)]));
    groups.set(keys, [...(groups.get(keys) ?? []), event]);
  }
  if (by.length === 0 && groups.size === 0) groups.set('[]', []);
  const distinct = (group: NewEvent[], key: 'userId' | 'installationId') =>
    new Set(group.map((event) => event[key]).filter((id) => id !== null)).size;
  return [...groups].map(([keys, group]) => ({
    keys,
    count: group.length,
    userId: distinct(group, 'userId'),
    installationId: distinct(group, 'installationId'),
  }));
}

import { formatView } from '../address/view.ts';
import type { HealthQuery } from '../generated/graphql.ts';
import { ago, duration } from '../words/times.ts';

export interface Health {
  /** Undefined while the server does not answer. */
  answer: HealthQuery | undefined;
  /** Why it does not. */
  fault: string | undefined;
  /** Undefined until two answers are known. */
  perSecond: number | undefined;
}

export interface HealthItem {
  id: string;
  text: string;
  isWrong: boolean;
  /** Where to see what is wrong; every wrong part has it. */
  href?: string;
  title?: string;
}

/** Ages from which something is wrong, in seconds; as the alerts in deploy/prometheus. */
const MAX_FEED_LAG_S = 10;
const MAX_LISTS_LAG_S = 60;
/** Age of the newest event from which something is wrong, in milliseconds. */
const MAX_QUIET_MS = 3_600_000;

/** Returns the parts of the health line. Those that are wrong lead to what is. */
export function healthItems(health: Health, nowMs: number): HealthItem[] {
  return partsOf(health, nowMs).map((item) =>
    item.isWrong ? { href: formatView({ page: 'health' }), ...item } : item,
  );
}

function partsOf({ answer, fault, perSecond }: Health, nowMs: number): HealthItem[] {
  const unreachable: HealthItem[] =
    fault === undefined ? [] : [{ id: 'fault', text: fault, isWrong: true }];
  if (!answer) return unreachable;
  const { health, malformedEvents } = answer;
  const { lastReceivedAt } = health;
  const malformed = malformedEvents.events.length;
  const deliveries = formatView({ page: 'deliveries' });
  const items: (HealthItem | undefined)[] = [
    health.isDatabaseUp
      ? undefined
      : { id: 'database', text: 'database cannot be followed', isWrong: true },
    {
      id: 'rate',
      text: `${perSecond === undefined ? '–' : rate(perSecond)} events/s`,
      isWrong: false,
      title: 'Stored in the last 30 seconds',
    },
    {
      id: 'last',
      text: lastReceivedAt ? `last event ${ago(lastReceivedAt, nowMs)}` : 'no event yet',
      isWrong: nowMs - Date.parse(lastReceivedAt ?? '') > MAX_QUIET_MS,
      title: 'When the newest event was received',
    },
    {
      id: 'today',
      text: `${health.storedToday.toLocaleString()} stored today`,
      isWrong: false,
    },
    {
      id: 'malformed',
      text: `${malformed.toLocaleString()} malformed`,
      isWrong: malformed > 0,
      title: `Of the newest ${malformedEvents.examined.toLocaleString()} events`,
      ...(malformed > 0 && { href: deliveries }),
    },
    health.quarantined === null || health.quarantined === undefined
      ? undefined
      : {
          id: 'quarantine',
          text: `${health.quarantined.toLocaleString()} in quarantine`,
          isWrong: health.quarantined > 0,
          ...(health.quarantined > 0 && { href: deliveries }),
        },
    lag('feed', 'feed', health.feedLagPositions, health.feedLagSeconds, MAX_FEED_LAG_S),
    lag('lists', 'lists', health.listsLagPositions, health.listsLagSeconds, MAX_LISTS_LAG_S),
  ];
  return [...unreachable, ...items.filter((item) => item !== undefined)];
}

function lag(id: string, name: string, events: number, seconds: number, max: number): HealthItem {
  const isWrong = seconds > max;
  return {
    id,
    text: isWrong ? `${name} ${duration(seconds * 1_000)} behind` : `${name} up to date`,
    isWrong,
    title: `${events.toLocaleString()} events behind the log`,
  };
}

function rate(perSecond: number): string {
  return perSecond >= 10 ? Math.round(perSecond).toLocaleString() : perSecond.toFixed(1);
}

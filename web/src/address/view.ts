import type { EventType, UserStatus } from '../generated/graphql.ts';
import { eventTypes } from '../stream/event-types.ts';
import { decode, encode, idsOf, instantOf, valuesOf } from './fragment.ts';

/** The period that the chart shows. */
export const ranges = ['15m', '1h', '24h', '7d'] as const;
export type Range = (typeof ranges)[number];

export const plans = [
  'FREE',
  'PREMIUM',
  'FREEMIUM',
  'UNKNOWN',
] as const satisfies readonly UserStatus[];

/** What the list shows, as strings, since an address may contain anything. */
export interface ListView {
  types: readonly EventType[];
  userIds: readonly string[];
  installationIds: readonly string[];
  specialities: readonly string[];
  professionalIds: readonly string[];
  statuses: readonly UserStatus[];
  /** Range of the sender's instants, ISO 8601; without an end it includes new events. */
  from: string | undefined;
  until: string | undefined;
  range: Range;
  /** Whether a table replaces the chart. */
  asTable: boolean;
}

/** Pages about one thing, with its id. */
export const subjects = ['user', 'installation', 'message'] as const;
export type Subject = (typeof subjects)[number];

export type View =
  | { page: 'stream'; list: ListView }
  | { page: Subject; id: string }
  | { page: 'event'; id: string }
  | { page: 'deliveries' }
  | { page: 'health' };

export const everything: ListView = {
  ...{ types: [], userIds: [], installationIds: [], specialities: [], professionalIds: [] },
  ...{ statuses: [], from: undefined, until: undefined, range: '1h', asTable: false },
};

/**
 * Parses a view from the fragment of the address. A fragment is never sent to a server, so its ids
 * are in no server's log. Invalid parts are ignored.
 */
export function parseView(fragment: string): View {
  const [path = '', query = ''] = fragment.replace(/^#/, '').split('?', 2);
  const [, name, id] = /^\/(users|installations|messages|events)\/(.+)$/.exec(path) ?? [];
  const decoded = id === undefined ? undefined : decode(id);
  if (name !== undefined && decoded !== undefined) {
    return { page: name.slice(0, -1) as Subject | 'event', id: decoded };
  }
  if (path === '/deliveries') return { page: 'deliveries' };
  if (path === '/health') return { page: 'health' };
  return { page: 'stream', list: parseList(query) };
}

function parseList(query: string): ListView {
  const values = valuesOf(query);
  const listed = (name: string) => idsOf(values.get(name));
  const instant = (name: string) => instantOf(decode(values.get(name) ?? ''));
  const [from, until] = [instant('from'), instant('until')];
  const isSpan = from !== undefined && (until === undefined || from < until);
  return {
    types: eventTypes.filter((type) => listed('types').includes(type)),
    userIds: listed('user'),
    installationIds: listed('installation').filter(isUuid),
    specialities: listed('speciality'),
    professionalIds: listed('professional').filter(isInteger),
    statuses: plans.filter((plan) => listed('plan').includes(plan)),
    from: isSpan ? from : undefined,
    until: isSpan ? until : undefined,
    range: ranges.find((range) => range === values.get('range')) ?? everything.range,
    asTable: values.get('counts') === 'table',
  };
}

/** Returns the fragment of a view, including `#`. */
export function formatView(view: View): string {
  if (view.page === 'deliveries' || view.page === 'health') return `#/${view.page}`;
  if (view.page !== 'stream') return `#/${view.page}s/${encodeURIComponent(view.id)}`;
  const { list } = view;
  const values = [
    ['types', list.types.join()],
    ['user', list.userIds.map(encode).join()],
    ['installation', list.installationIds.map(encode).join()],
    ['speciality', list.specialities.map(encode).join()],
    ['professional', list.professionalIds.join()],
    ['plan', list.statuses.join()],
    ['from', list.from ?? ''],
    ['until', list.until ?? ''],
    ['range', list.range === everything.range ? '' : list.range],
    ['counts', list.asTable ? 'table' : ''],
  ].flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  return values.length > 0 ? `#/?${values.join('&')}` : '#/';
}

/** Returns the stream's view of everything that matches some filters. */
export function streamOf(list: Partial<ListView>): View {
  return { page: 'stream', list: { ...everything, ...list } };
}

/** Returns true when a filter excludes events. */
export function isNarrowed(list: ListView): boolean {
  const { types, userIds, installationIds, specialities, professionalIds, statuses, from } = list;
  const lists = [types, userIds, installationIds, specialities, professionalIds, statuses];
  return from !== undefined || lists.some(({ length }) => length > 0);
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

export function isInteger(text: string): boolean {
  return /^-?\d{1,15}$/.test(text);
}

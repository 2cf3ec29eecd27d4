import type { EventType } from '../generated/graphql.ts';
import { eventTypes } from '../stream/event-types.ts';

/** What the list shows, as strings, since an address may contain anything. */
export interface ListView {
  types: readonly EventType[];
  userIds: readonly string[];
  installationIds: readonly string[];
  /** Range of the sender's instants, ISO 8601; both or none. */
  from: string | undefined;
  until: string | undefined;
  /** Whether a table replaces the chart. */
  asTable: boolean;
}

export type View =
  | { page: 'stream'; list: ListView }
  | { page: 'user'; id: string }
  | { page: 'event'; id: string };

export const everything: ListView = {
  ...{ types: [], userIds: [], installationIds: [] },
  ...{ from: undefined, until: undefined, asTable: false },
};

/**
 * Parses a view from the fragment of the address. A fragment is never sent to a server, so its ids
 * are in no server's log. Invalid parts are ignored.
 */
export function parseView(fragment: string): View {
  const [path = '', query = ''] = fragment.replace(/^#/, '').split('?', 2);
  const [, page, id] = /^\/(users|events)\/(.+)$/.exec(path) ?? [];
  const name = id === undefined ? undefined : decode(id);
  if (name !== undefined) return { page: page === 'users' ? 'user' : 'event', id: name };
  const values = valuesOf(query);
  const listed = (name: string) => idsOf(values.get(name));
  const instant = (name: string) => instantOf(decode(values.get(name) ?? ''));
  const [from, until] = [instant('from'), instant('until')];
  const isSpan = from !== undefined && until !== undefined && from < until;
  return {
    page: 'stream',
    list: {
      types: eventTypes.filter((type) => listed('types').includes(type)),
      userIds: listed('user'),
      installationIds: listed('installation').filter(isInstallation),
      from: isSpan ? from : undefined,
      until: isSpan ? until : undefined,
      asTable: values.get('counts') === 'table',
    },
  };
}

/** Returns the fragment of a view, including `#`. */
export function formatView(view: View): string {
  if (view.page === 'user') return `#/users/${encodeURIComponent(view.id)}`;
  if (view.page === 'event') return `#/events/${encodeURIComponent(view.id)}`;
  const { types, userIds, installationIds, from, until, asTable } = view.list;
  const values = [
    ['types', types.join()],
    ['user', userIds.map(encode).join()],
    ['installation', installationIds.map(encode).join()],
    ['from', from ?? ''],
    ['until', until ?? ''],
    ['counts', asTable ? 'table' : ''],
  ].flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  return values.length > 0 ? `#/?${values.join('&')}` : '#/';
}

/** Returns true for a valid installation id. */
export function isInstallation(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Raw names and values: `URLSearchParams` would decode a comma within an id. */
function valuesOf(query: string): ReadonlyMap<string, string> {
  return new Map(
    query.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value];
    }),
  );
}

/** Returns comma-separated ids without duplicates; a comma within an id is percent-encoded. */
function idsOf(text: string | undefined): string[] {
  const ids = (text ?? '').split(',').map((value) => decode(value) ?? '');
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** Returns comma-separated typed values, trimmed and without duplicates. */
export function listOf(text: string): string[] {
  const values = text.split(',').map((value) => value.trim());
  return [...new Set(values.filter((value) => value !== ''))];
}

function instantOf(text: string | undefined): string | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Colons stay readable. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

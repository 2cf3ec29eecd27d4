import type { EventType } from '../generated/graphql.ts';
import { eventTypes } from '../stream/event-types.ts';

/** What the list shows; as texts, since it comes from an address that anybody may have written. */
export interface ListView {
  types: readonly EventType[];
  userIds: readonly string[];
  installationIds: readonly string[];
  /** The sender's instants from which and until which, ISO 8601; both or none. */
  from: string | undefined;
  until: string | undefined;
  /** Whether the counts stand in a table instead of the chart. */
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
 * Reads a view from the fragment of an address. The fragment is never sent to a server, so the ids in
 * it are in nobody's log. What cannot be read is left out.
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

/** The fragment of a view, `#` and all. */
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

/** Whether a text can be the id of an installation. */
export function isInstallation(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Names with their values as they are written: `URLSearchParams` would decode a comma within an id. */
function valuesOf(query: string): ReadonlyMap<string, string> {
  return new Map(
    query.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value];
    }),
  );
}

/** Ids between commas; a comma in one is encoded there. Each once. */
function idsOf(text: string | undefined): string[] {
  const ids = (text ?? '').split(',').map((value) => decode(value) ?? '');
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** Values that somebody has typed between commas, without the blanks around them, each once. */
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

/** Colons stay, so that people can read it. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import type { StoredEvent } from '../../src/catalog/event.ts';
import { type Data, type OpenGraph, openGraph, owner, reader } from './open-graph.ts';
import { groupBy, messageOf } from './oracle.ts';
import { INSTALLATIONS, MESSAGES, someLives, USERS } from './some-lives.ts';

const SEEN = 'firstSeen lastSeen eventCounts { type count }';
const USER = `userId ${SEEN} status statusCode coverageName statusHistory { statusCode since }
  installations(first: 1000) { edges { node { installationId } } }
  messages(first: 1000) { edges { node { messageId } } }
  events(first: 1000) { edges { cursor } }`;
const INSTALLATION = `installationId ${SEEN} osName deviceModel languageCode createdOn uninstalledOn
  users(first: 1000) { edges { node { userId } } } events(last: 1000) { edges { cursor } }`;
const MESSAGE = `messageId sentOn readOn readDelaySeconds speciality professionalId userId`;
const NO_ONE = '00000000-0000-4000-8000-000000000000';

let graph: OpenGraph;
let all: StoredEvent[];
beforeAll(async () => {
  graph = await openGraph();
  all = await graph.append(someLives(260, 7));
});
afterAll(() => graph.close());

const viewers = {
  'a reader of all': reader,
  'a user': owner('ana'),
  another: owner('a:b'),
  nobody: owner('zoe'),
};

describe.each(Object.entries(viewers))('for %s the graph matches the events', (_, viewer) => {
  const isMine = ({ userId }: StoredEvent) => viewer.scopes.size > 0 || userId === viewer.userId;
  const mine = () => all.filter(isMine);

  test('users', async () => {
    const expected = inOrder(groupBy(mine(), ({ userId }) => userId)).map(userOf);
    const { users } = await graph.read(
      `{ users(first: 1000) { edges { node { ${USER} } } } }`,
      viewer,
    );
    expect(users.edges.map(({ node }: Data) => node)).toEqual(expected);
    for (const id of [...USERS, 'nobody', '']) {
      const { user } = await graph.read(`query ($id: ID!) { user(id: $id) { ${USER} } }`, viewer, {
        id,
      });
      expect(user).toEqual(expected.find(({ userId }) => userId === id) ?? null);
    }
  });

  test('installations', async () => {
    const groups = inOrder(groupBy(mine(), ({ installationId }) => installationId));
    const expected = groups.map(installationOf);
    const { installations } = await graph.read(
      `{ installations(first: 1000) { edges { node { ${INSTALLATION} } } } }`,
      viewer,
    );
    expect(installations.edges.map(({ node }: Data) => node)).toEqual(expected);
    for (const id of [...INSTALLATIONS, NO_ONE]) {
      const { installation } = await graph.read(
        `query ($id: UUID!) { installation(id: $id) { ${INSTALLATION} } }`,
        viewer,
        { id: id.toUpperCase() },
      );
      expect(installation).toEqual(expected.find((one) => one.installationId === id) ?? null);
    }
  });

  test('messages', async () => {
    const expected = inOrder(groupBy(mine(), messageOf)).map(messageFacts);
    const { messages } = await graph.read(
      `{ messages(first: 1000) { edges { node { ${MESSAGE} } } } }`,
      viewer,
    );
    const shown: Data[] = messages.edges.map(({ node }: Data) => node);
    // An installation whose events name two users is listed for each.
    const pairs = groupBy(
      mine(),
      (event) => messageOf(event) && `${messageOf(event)}:${event.userId}`,
    );
    const each = inOrder(pairs).map(([key, own]) => messageFacts([key.slice(0, 36), own]));
    expect(shown).toEqual(each);
    for (const id of [...MESSAGES, NO_ONE]) {
      const { message } = await graph.read(
        `query ($id: UUID!) { message(id: $id) { ${MESSAGE} } }`,
        viewer,
        { id },
      );
      const known = /[a-z]/.test(id) ? id : id.toLowerCase();
      expect(message).toEqual(expected.find(({ messageId }) => messageId === known) ?? null);
    }
  });

  test('links between events, and their global ids', async () => {
    const { events } = await graph.read(
      `{ events(first: 1000) { edges { node {
        userId installationId type
        user { id userId } installation { id installationId } message { id messageId user { userId } }
        delivery { receivedAt repeats lastRepeatedAt }
      } } } }`,
      viewer,
    );
    const shown = events.edges.map(({ node }: Data) => node);
    expect(shown).toHaveLength(mine().length);
    for (const [index, event] of mine().entries()) {
      expect(shown[index].user?.userId ?? null).toBe(event.userId);
      expect(shown[index].installation?.installationId ?? null).toBe(event.installationId);
      expect(shown[index].message?.messageId ?? null).toBe(messageOf(event));
      expect(shown[index].delivery).toEqual({
        receivedAt: event.receivedAt.toISOString(),
        repeats: 0,
        lastRepeatedAt: null,
      });
    }
    const ids = new Set<string>(
      shown.flatMap(({ user, installation, message }: Data) =>
        [user, installation, message].flatMap((node) => node?.id ?? []),
      ),
    );
    const node = 'query ($id: ID!) { node(id: $id) { __typename id } }';
    for (const id of ids) {
      const name = Buffer.from(id, 'base64').toString().split(':')[0];
      expect(await graph.read(node, viewer, { id })).toEqual({ node: { __typename: name, id } });
    }
    if (viewer.userId === null) return;
    // Other users' data is missing, like data that does not exist.
    const { users } = await graph.read('{ users { edges { node { id userId } } } }', reader);
    for (const { node: user } of users.edges) {
      const own = user.userId === viewer.userId;
      expect((await graph.read(node, viewer, { id: user.id })).node !== null).toBe(own);
    }
  });
});

/** Groups in order of their first event. */
const inOrder = (groups: Map<string, StoredEvent[]>) =>
  [...groups].sort(([, a], [, b]) => (a[0]?.position ?? 0) - (b[0]?.position ?? 0));
const byTime = (events: readonly StoredEvent[]) =>
  events.toSorted(
    (a, b) => a.occurredOn.getTime() - b.occurredOn.getTime() || a.position - b.position,
  );
const iso = (event: StoredEvent | undefined) => event?.occurredOn.toISOString() ?? null;
const nodes = (name: string, ids: (string | null)[]) => ({
  edges: [...new Set(ids)].flatMap((id) => (id === null ? [] : [{ node: { [name]: id } }])),
});
const cursors = (events: readonly StoredEvent[]) => ({
  edges: events.map(({ position }) => ({ cursor: graph.log.cursors.encode(position) })),
});

function seen(events: readonly StoredEvent[]) {
  const counts = [...groupBy(events, ({ type }) => type)].map(([type, own]) => ({
    type: catalog.find(({ name }) => name === type)?.enumValue ?? 'UNKNOWN',
    count: own.length,
  }));
  return {
    firstSeen: iso(byTime(events).at(0)),
    lastSeen: iso(byTime(events).at(-1)),
    // Rows with equal counts may be in any order.
    eventCounts: expect.toSatisfy(
      (shown: typeof counts) =>
        JSON.stringify(sorted(shown)) === JSON.stringify(sorted(counts)) &&
        shown.every(({ count }, index) => count <= (shown[index - 1]?.count ?? count)),
    ),
  };
}
const sorted = (counts: { type: string }[]) =>
  counts.toSorted((a, b) => (a.type < b.type ? -1 : 1));

function userOf([userId, events]: [string, StoredEvent[]]) {
  const said = byTime(events).flatMap((event) => {
    const { type, payload } = event;
    if (type === 'user_status_changed') return [{ event, code: payload.to_status }];
    return /logged_in/.test(type) ? [{ event, code: payload.status }] : [];
  });
  const periods: { statusCode: unknown; since: string | null }[] = [];
  for (const { event, code } of said) {
    if (periods.at(-1)?.statusCode !== code) periods.push({ statusCode: code, since: iso(event) });
  }
  const statusCode = periods.at(-1)?.statusCode ?? null;
  const names = new Map<unknown, string>([
    [0, 'FREE'],
    [2, 'PREMIUM'],
    [4, 'FREEMIUM'],
  ]);
  const coverage = byTime(events).findLast(({ type }) => type === 'user_first_logged_in');
  return {
    userId,
    ...seen(events),
    status: statusCode === null ? null : (names.get(statusCode) ?? 'UNKNOWN'),
    statusCode,
    coverageName: coverage?.payload.coverage_name || null,
    statusHistory: periods,
    installations: nodes(
      'installationId',
      events.map(({ installationId }) => installationId),
    ),
    messages: nodes('messageId', events.map(messageOf)),
    events: cursors(events),
  };
}

function installationOf([installationId, events]: [string, StoredEvent[]]) {
  const created = byTime(events).findLast(({ type }) => type === 'installation_created');
  const uninstalled = byTime(events).findLast(({ type }) => type === 'app_uninstalled');
  return {
    installationId,
    ...seen(events),
    osName: created?.payload.os_name ?? null,
    deviceModel: created?.payload.device_model ?? null,
    languageCode: created?.payload.language_code ?? null,
    createdOn: iso(created),
    uninstalledOn: iso(uninstalled),
    users: nodes(
      'userId',
      events.map(({ userId }) => userId),
    ),
    events: cursors(events),
  };
}

function messageFacts([messageId, events]: [string, StoredEvent[]]) {
  const sent = byTime(events).find(({ type }) => type === 'message_sent');
  const read = byTime(events).find(({ type }) => type === 'message_read');
  const { payload, userId } = sent ?? read ?? {};
  return {
    messageId,
    sentOn: iso(sent),
    readOn: iso(read),
    readDelaySeconds:
      sent && read ? (read.occurredOn.getTime() - sent.occurredOn.getTime()) / 1_000 : null,
    speciality: payload?.speciality,
    professionalId: payload?.professional_id,
    userId,
  };
}

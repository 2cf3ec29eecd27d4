import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Viewer } from '../../src/auth/viewer.ts';
import { catalog } from '../../src/catalog/catalog.ts';
import { createProjectionBatches } from '../../src/projections/projection-batches.ts';
import { pruneOnce } from '../../src/projections/prune-projections.ts';
import { createPerson, eventAbout, type Person } from '../erasure/someone.ts';
import { placesOf } from '../erasure/stored-bytes.ts';
import { freshDatabase } from '../utils/database.ts';
import { type OpenGraph, openGraph, owner, reader } from './open-graph.ts';

const tool: Viewer = { ...reader, scopes: new Set(['events:read', 'pii:read']) };
const document = `query ($contact: String!, $first: Int, $after: String) {
  usersByContact(contact: $contact, first: $first, after: $after) {
    totalCount nodes { userId } pageInfo { hasNextPage endCursor }
  }
}`;
const firstLogin = (person: Person, payload = {}) =>
  eventAbout(person, 'user_first_logged_in', { payload });

async function find(graph: OpenGraph, contact: string, viewer = tool): Promise<string[]> {
  const { usersByContact } = await graph.read(document, viewer, { contact });
  return usersByContact.nodes.map(({ userId }: { userId: string }) => userId);
}
const refusalOf = async (graph: OpenGraph, contact: string, viewer: Viewer) => {
  const { data, errors } = await graph.ask(document, viewer, { contact });
  return { data, error: errors?.[0]?.originalError };
};

describe('on one log', () => {
  let graph: OpenGraph;
  const [ada, bob, cyd] = [createPerson(), createPerson(), createPerson()];
  beforeAll(async () => {
    graph = await openGraph();
    await graph.append([
      firstLogin(ada),
      firstLogin(ada, { mobile_phone: null }),
      firstLogin(bob, { email: `Bob+Shop@Mail.Example`, mobile_phone_prefix: null }),
      // Shares the number of another user, and has none of its own.
      firstLogin(cyd, { mobile_phone: ada.phone, mobile_phone_prefix: '49', email: null }),
      // Not declared: personal, but of nobody in particular.
      eventAbout(bob, 'a_new_type', { payload: { email: 'other@mail.example' } }),
    ]);
  });
  afterAll(() => graph.close());

  test('a user is found by the whole e-mail, in any case and without its tag', async () => {
    for (const written of [
      ada.email,
      ` ${ada.email.toUpperCase()} `,
      ada.email.replace('@', '＠'),
    ]) {
      expect(await find(graph, written)).toEqual([ada.id]);
    }
    expect(await find(graph, 'bob+shop@mail.example')).toEqual([bob.id]);
    expect(await find(graph, 'bob@mail.example')).toEqual([bob.id]);
    expect(await find(graph, 'bob+news@mail.example')).toEqual([]);
    expect(await find(graph, `x${ada.email}`)).toEqual([]);
    expect(await find(graph, 'other@mail.example')).toEqual([]);
  });

  test('all users with a phone number are found, by pages, and one by its country code', async () => {
    const grouped = ada.phone.replace(/(\d{3})(?=\d)/g, '$1 ');
    for (const written of [ada.phone, grouped, grouped.replaceAll(' ', '-')]) {
      expect(await find(graph, written)).toEqual([ada.id, cyd.id]);
    }
    for (const code of ['+34 ', '0034', '34', '(+34) ']) {
      expect(await find(graph, code + grouped)).toEqual([ada.id]);
    }
    expect(await find(graph, `+49${ada.phone}`)).toEqual([cyd.id]);
    // Bob's event has no country.
    expect(await find(graph, bob.phone)).toEqual([bob.id]);
    expect(await find(graph, `+34${bob.phone}`)).toEqual([]);
    const first = { contact: ada.phone, first: 1 };
    const { usersByContact: page } = await graph.read(document, tool, first);
    expect(page).toMatchObject({
      ...{ totalCount: null, nodes: [{ userId: ada.id }] },
      pageInfo: { hasNextPage: true },
    });
    const after = page.pageInfo.endCursor;
    const { usersByContact: next } = await graph.read(document, tool, { ...first, after });
    expect(next).toMatchObject({ nodes: [{ userId: cyd.id }], pageInfo: { hasNextPage: false } });
  });

  test.each(['', 'ada', '12345', '1111111', 'ada@', 'a@b.example c@d.example', '666123123 or so'])(
    '%j is refused without being quoted',
    async (contact) => {
      expect((await refusalOf(graph, contact, tool)).error).toMatchObject({
        code: 'BAD_USER_INPUT',
        message:
          'contact: expected one whole e-mail address, or one phone number of 7 digits or more.',
      });
    },
  );

  test('without pii:read the refusal is the same for everyone, and nothing is looked up', async () => {
    for (const viewer of [reader, owner(ada.id)]) {
      for (const contact of [ada.email, 'nobody@mail.example', ada.phone, 'no contact']) {
        const refused = await refusalOf(graph, contact, viewer);
        expect(refused).toMatchObject({
          error: { code: 'FORBIDDEN', message: 'Missing scope: pii:read.' },
        });
      }
    }
    const uses = (['caughtUp', 'list'] as const).map((name) => vi.spyOn(graph.views, name));
    await refusalOf(graph, ada.email, reader);
    expect(uses.flatMap(({ mock }) => mock.calls)).toEqual([]);
    for (const use of uses) use.mockRestore();
  });

  test("one user's token with pii:read finds that user only", async () => {
    const viewer = { ...owner(ada.id), scopes: new Set(['pii:read']) };
    expect(await find(graph, ada.email, viewer)).toEqual([ada.id]);
    expect(await find(graph, ada.phone, viewer)).toEqual([ada.id]);
    expect(await find(graph, 'bob@mail.example', viewer)).toEqual([]);
    const nobody = { ...reader, scopes: new Set(['pii:read']) };
    for (const contact of [ada.email, 'nobody@mail.example']) {
      expect((await refusalOf(graph, contact, nobody)).error).toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining('events:read'),
      });
    }
  });

  test('every declared personal field but a prefix is a contact', async () => {
    const fields = catalog.flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([key, { personal }]) => (personal ? [key] : [])),
    );
    expect(fields).toEqual(['mobile_phone', 'mobile_phone_prefix', 'email']);
  });
});

/** A log of its own, whose erasures are quick, with all contacts of these people. */
async function openWith(people: readonly Person[]) {
  const { uri } = await freshDatabase();
  const graph = await openGraph({ uri, erasureAnnounceMs: 20 });
  onTestFinished(() => graph.close());
  await graph.append(people.map((person) => firstLogin(person)));
  return { uri, graph };
}

test('an erasure removes the contacts of the user, and a shared one of nobody else', async () => {
  const [ada, bob] = [createPerson(), createPerson()];
  const shared = { ...bob, phone: ada.phone };
  const { uri, graph } = await openWith([ada, shared]);
  const { log } = graph;
  expect(await find(graph, ada.phone)).toEqual([ada.id, bob.id]);
  expect(await placesOf(uri, [log.hashContact(ada.email)])).toHaveLength(1);
  await log.eraser.erase(ada.id);
  expect(await find(graph, ada.email)).toEqual([]);
  expect(await find(graph, ada.phone)).toEqual([bob.id]);
  expect(await placesOf(uri, [log.hashContact(ada.email), ada.id])).toEqual([]);
});

test("an erasure removes contacts from another user's event that names the erased one", async () => {
  const [ada, bob] = [createPerson(), createPerson()];
  const { graph } = await openWith([ada]);
  await graph.append([firstLogin(bob, { invited_by: ada.id })]);
  expect(await find(graph, bob.email)).toEqual([bob.id]);
  await graph.log.eraser.erase(ada.id);
  // The event has no personal data any more.
  expect(await find(graph, bob.email)).toEqual([]);
  const { data } = await graph.ask(`{ user(id: "${bob.id}") { userId } }`);
  expect(data).toEqual({ user: { userId: bob.id } });
});

test('a contact is stored as a keyed hash that differs between logs', async () => {
  const ada = createPerson();
  const [one, other] = [await openWith([ada]), await openWith([ada])];
  await one.graph.views.caughtUp();
  const { userContacts } = one.graph.log.collections;
  const stored = await userContacts.find({}).toArray();
  expect(stored.map(({ contact }) => contact).sort()).toEqual(
    [ada.email, ada.phone, `34${ada.phone}`].map(one.graph.log.hashContact).sort(),
  );
  expect(JSON.stringify(stored)).not.toMatch(new RegExp(`${ada.email}|${ada.phone}`));
  expect(other.graph.log.hashContact(ada.email)).not.toBe(one.graph.log.hashContact(ada.email));
});

test('a contact of removed events finds nobody, and its hash is removed', async () => {
  const ada = createPerson();
  const { graph } = await openWith([ada]);
  const { log } = graph;
  await graph.append([
    eventAbout(ada, 'app_opened', { payload: { user_id: ada.id } }),
    firstLogin({ ...ada, email: 'new@mail.example' }),
  ]);
  expect(await find(graph, ada.email)).toEqual([ada.id]);
  await log.collections.bounds.updateOne(
    { _id: 'bounds' },
    { $max: { removedUpTo: 1 } },
    { upsert: true },
  );
  await log.state.refresh();
  expect(await find(graph, ada.email)).toEqual([]);
  expect(await find(graph, 'new@mail.example')).toEqual([ada.id]);
  await pruneOnce(log.collections, 1, new AbortController().signal);
  const contact = log.hashContact(ada.email);
  expect(await log.collections.userContacts.findOne({ contact })).toBeNull();
});

test('a database whose lists know no contacts gets them', async () => {
  const ada = createPerson();
  const { graph } = await openWith([ada]);
  await graph.views.caughtUp();
  const { userContacts, views } = graph.log.collections;
  await userContacts.deleteMany({});
  await views.updateOne({ _id: 'views' }, { $set: { rules: 4 } });
  expect(await find(graph, ada.email)).toEqual([]);
  // As the next process that starts does.
  const batches = createProjectionBatches(graph.log);
  while ((await batches.applyNext(100)) < graph.log.tailer.head());
  expect(await find(graph, ada.email)).toEqual([ada.id]);
});

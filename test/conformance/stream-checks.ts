import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ask, type Check, expectEqual, expectMatch, postEvent, type Target } from './check.ts';

const STREAM = { Accept: 'text/event-stream' };
const FOLLOW = `subscription ($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) { cursor ... on MessageSent { speciality } }
}`;
const FEED = 'subscription ($after: String) { eventFeed(after: $after) { __typename cursor } }';
/** Line ends of some readers, and other characters that break naive ones. */
const ODD = [
  '\u2028',
  '\u2029',
  '\u0085',
  '\r\n',
  '\v\f',
  '\ufeff',
  '\0',
  '"\\',
  '😀',
  'data: x\n\n',
];

const check = (name: string, run: Check['run'], needsEvents = false): Check => ({
  ...{ name: `SSE: ${name}`, run, needsEvents },
});

/** Opens a stream, and passes its messages one by one. */
async function open(target: Target, query: string, variables = {}) {
  const abort = new AbortController();
  const response = await fetch(`${target.url}/graphql`, {
    method: 'POST',
    headers: {
      ...STREAM,
      Authorization: `Bearer ${target.token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ query, variables }),
    signal: abort.signal,
  });
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function next(): Promise<EventSourceMessage | undefined> {
    for (let first = messages.shift(); ; first = messages.shift()) {
      if (first) return first;
      const read = await reader?.read();
      if (!read || read.done) return undefined;
      text += read.value;
      parser.feed(read.value);
    }
  }
  return { response, next, text: () => text, close: () => abort.abort() };
}

/** Opens a stream on a connection of its own, and leaves; `fetch` sets no `Connection`. */
async function openOnce({ url, token }: Target): Promise<IncomingMessage> {
  const asked = (url.startsWith('https') ? https : http).request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: {
      ...STREAM,
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Connection: 'close',
    },
  });
  asked.end(JSON.stringify({ query: FOLLOW }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.destroy();
  return response;
}

async function head(target: Target): Promise<string> {
  return (await ask(target, { body: JSON.stringify({ query: '{ head }' }) })).json.data.head;
}

const answered: Check[] = [
  check('a query is a next and a complete', async (target) => {
    const { text } = await ask(target, { body: '{"query":"{ __typename }"}', headers: STREAM });
    expectMatch(text, /^(?::.*\n\n)*event: next\ndata: {"data":{"__typename":"Query"}}\n\n/);
    expectMatch(text, /event: complete\ndata:\n\n$/);
  }),
  check('an invalid document is a next with errors, and a complete', async (target) => {
    const { text } = await ask(target, { body: '{"query":"{ colour }"}', headers: STREAM });
    expectMatch(text, /event: next\ndata: {"errors":.*"BAD_USER_INPUT".*\n\nevent: complete/);
  }),
  check('a cursor of no log ends the stream with CURSOR_INVALID and complete', async (target) => {
    const stream = await open(target, FOLLOW, { after: 'no cursor' });
    expectMatch((await stream.next())?.data, /CURSOR_INVALID/);
    expectEqual((await stream.next())?.event, 'complete');
  }),
  check('a request with Connection: close is answered with it', async (target) => {
    const { headers } = await openOnce(target);
    expectEqual(headers.connection, 'close');
  }),
  check('no token is 401', async (target) => {
    const body = JSON.stringify({ query: FOLLOW });
    const { status } = await ask(target, { body, headers: { ...STREAM, Authorization: '' } });
    expectEqual(status, 401);
  }),
  ...[
    ['content-type', /^text\/event-stream/],
    ['cache-control', /no-cache|no-store/],
    ['x-accel-buffering', /^no$/],
    ['content-length', /^null$/],
  ].map(([name, pattern]) =>
    check(
      `the header ${name} of a subscription is ${(pattern as RegExp).source}`,
      async (target) => {
        const stream = await open(target, FOLLOW);
        expectMatch(stream.response.headers.get(String(name)), pattern as RegExp);
        stream.close();
      },
    ),
  ),
  check('eventFeed marks the end of the replay', async (target) => {
    const after = await head(target);
    const stream = await open(target, FEED, { after });
    const { data } = JSON.parse(String((await stream.next())?.data));
    expectEqual(data.eventFeed.__typename, 'FeedCaughtUp');
    stream.close();
  }),
];

const live: Check[] = [
  check(
    'after a cursor each event comes once, in order, stored and live',
    async (target) => {
      const after = await head(target);
      const filter = { userIds: [randomUUID()] };
      const send = (speciality: string) => postMessage(target, filter.userIds[0] ?? '', speciality);
      await send('1');
      const stream = await open(target, FOLLOW, { after, filter });
      const taken = [await nextEvent(stream)];
      await send('2');
      taken.push(await nextEvent(stream));
      stream.close();
      await send('3');
      const resumed = await open(target, FOLLOW, { after: taken[1]?.cursor, filter });
      taken.push(await nextEvent(resumed));
      resumed.close();
      expectEqual(
        taken.map(({ speciality }) => speciality),
        ['1', '2', '3'],
      );
    },
    true,
  ),
  ...ODD.map((odd) =>
    check(
      `${JSON.stringify(odd)} in a text is one line of data`,
      async (target) => {
        const filter = { userIds: [randomUUID()] };
        const after = await head(target);
        await postMessage(target, filter.userIds[0] ?? '', `a${odd}b`);
        const stream = await open(target, FOLLOW, { after, filter });
        expectEqual((await nextEvent(stream)).speciality, `a${odd}b`);
        expectEqual(/[\r\v\f\u0085\u2028\u2029]/.test(stream.text()), false);
        stream.close();
      },
      true,
    ),
  ),
];

function postMessage(target: Target, user_id: string, speciality: string): Promise<void> {
  const message_id = randomUUID();
  const installation_id = randomUUID();
  const subjects = { message_id, user_id, installation_id };
  return postEvent(target, { ...subjects, speciality, professional_id: 5 });
}

async function nextEvent({ next }: Awaited<ReturnType<typeof open>>) {
  const { data } = JSON.parse(String((await next())?.data));
  return data.events as { cursor: string; speciality: string };
}

/** What a client may rely on over SSE. */
export const streamChecks: readonly Check[] = [...answered, ...live];

// Not EventSource: it can send neither a token nor a document, and a token in an address would be
// kept by logs. `fetch` reads the same stream.

const LONGEST_PAUSE_MS = 10_000;
/** The server gives a sign of life every 12 seconds. */
const LONGEST_SILENCE_MS = 30_000;
const FINAL_CODES = ['BAD_USER_INPUT', 'CURSOR_EXPIRED', 'CURSOR_INVALID', 'FORBIDDEN'];

const LIVE = `
  subscription FollowEvents($after: String) {
    eventFeed(after: $after) {
      cursor
      ... on FeedEvent { event { typeName occurredOn userId } }
    }
  }`;

/**
 * Gives every event once, in order, whatever happens to connections. `eventFeed` says where it is
 * also before the first event, so nothing is missed if the first connection breaks at once.
 *
 * @param {object} options
 * @param {string} options.url the GraphQL endpoint
 * @param {() => Promise<string>} options.token asked at each connection
 * @param {string} [options.after] the cursor to go on behind; without it from now on
 * @param {(state: string) => void} options.onState told of each change of the connection
 * @throws {Error} what trying again would not mend
 */
export async function* followEvents({ url, token, after, onState }) {
  for (let failures = 0; ; failures += 1) {
    try {
      for await (const { data, errors } of subscribe(url, await token(), after)) {
        if (errors) throw toError(errors);
        failures = 0;
        onState('live');
        after = data.eventFeed.cursor;
        if (data.eventFeed.event) yield { cursor: after, ...data.eventFeed.event };
      }
    } catch (error) {
      if (FINAL_CODES.includes(error.code)) throw error;
    }
    onState('connecting again');
    await pause(failures);
  }
}

/** The results of one connection. */
async function* subscribe(url, token, after) {
  const stop = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(), LONGEST_SILENCE_MS);
  };
  try {
    heard();
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        Accept: 'text/event-stream',
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: LIVE, variables: { after } }),
      signal: stop.signal,
    });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      throw toError((await response.json()).errors);
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      text += value;
      const messages = text.split('\n\n');
      // The last one is not whole yet.
      text = messages.pop();
      for (const message of messages) {
        if (/^event: complete$/m.test(message)) return;
        const found = /^data: (.+)$/m.exec(message);
        if (found) yield JSON.parse(found[1]);
      }
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function toError([{ message, extensions }]) {
  return Object.assign(new Error(message), { code: extensions?.code });
}

/** Twice as long each time, less up to a half: those who lost the same server spread out. */
function pause(failures) {
  const longestMs = Math.min(250 * 2 ** failures, LONGEST_PAUSE_MS);
  return new Promise((resolve) => {
    setTimeout(resolve, longestMs * (0.5 + Math.random() / 2));
  });
}

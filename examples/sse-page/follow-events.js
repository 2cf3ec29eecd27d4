// EventSource can send neither a token nor a document, and a token in a URL would end up in logs. `fetch`
// reads the same stream.

const MAX_PAUSE_MS = 10_000;
/** The server sends a ping every 12 seconds. */
const MAX_SILENCE_MS = 30_000;
const FINAL_CODES = ['BAD_USER_INPUT', 'CURSOR_EXPIRED', 'CURSOR_INVALID', 'FORBIDDEN'];

const LIVE = `
  subscription FollowEvents($after: String) {
    eventFeed(after: $after) {
      cursor
      ... on FeedEvent { event { typeName occurredOn userId } }
    }
  }`;

/**
 * Yields every event once, in order, across lost connections. `eventFeed` gives a cursor even before the
 * first event, so nothing is missed if the first connection breaks at once.
 *
 * @param {object} options
 * @param {string} options.url the GraphQL endpoint
 * @param {() => Promise<string>} options.token called at each connection
 * @param {string} [options.after] the cursor to resume from; without it, starts now
 * @param {(state: string) => void} options.onState called at each change of the connection
 * @throws {Error} errors that a retry cannot fix
 */
export async function* followEvents({ url, token, after, onState }) {
  let unreadableAfter;
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
      if (error.isUnreadable) {
        // A message that cannot be read twice at the same place would never be read.
        if (unreadableAfter === after) throw error;
        unreadableAfter = after;
      }
    }
    onState('reconnecting');
    await pause(failures);
  }
}

/** Yields the results of one connection. */
async function* subscribe(url, token, after) {
  const stop = new AbortController();
  let timer;
  const restartTimer = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(), MAX_SILENCE_MS);
  };
  try {
    restartTimer();
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
      restartTimer();
      text += value;
      const messages = text.split('\n\n');
      // The last part may be incomplete.
      text = messages.pop();
      for (const message of messages) {
        // Not by a regular expression: `.` and `$` take U+2028 for the end of a line, SSE does not.
        const data = message.split('\n').find((line) => line.startsWith('data: '));
        if (data) yield parse(data.slice('data: '.length));
      }
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = 'A message of the server cannot be read.';
    throw Object.assign(new Error(message, { cause }), { isUnreadable: true });
  }
}

function toError([{ message, extensions }]) {
  return Object.assign(new Error(message), { code: extensions?.code });
}

/** Exponential backoff with jitter, so that clients of one server do not reconnect together. */
function pause(failures) {
  const maxMs = Math.min(250 * 2 ** failures, MAX_PAUSE_MS);
  return new Promise((resolve) => {
    setTimeout(resolve, maxMs * (0.5 + Math.random() / 2));
  });
}

/** One message of an event stream. */
export interface StreamMessage {
  event: string;
  data: string;
}

/** Parses an event stream in arbitrary chunks (WHATWG HTML, 9.2.6). */
export interface EventStreamParser {
  push(text: string): void;
  /** Returns the next complete message, or undefined until more text arrives. */
  next(): StreamMessage | undefined;
}

/** Returns a parser for one stream. Its time is linear in the length, however small the pieces are. */
export function createEventStreamParser(): EventStreamParser {
  let messages: StreamMessage[] = [];
  let taken = 0;
  /** The pieces of a line that has no end yet. */
  let line: string[] = [];
  let event: string | undefined;
  let data: string[] = [];

  function endLine(): void {
    const whole = line.join('').replace(/\r$/, '');
    line = [];
    if (whole === '') {
      endMessage();
      return;
    }
    const colon = whole.indexOf(':');
    const name = colon === -1 ? whole : whole.slice(0, colon);
    const value = colon === -1 ? '' : whole.slice(whole[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
  }

  /** A block of comments only is a ping, not a message. */
  function endMessage(): void {
    const isMessage = (event ?? 'message') !== 'message' || data.length > 0;
    if (isMessage) messages.push({ event: event ?? 'message', data: data.join('\n') });
    event = undefined;
    data = [];
  }

  return {
    push(text) {
      const [first = '', ...others] = text.split('\n');
      line.push(first);
      for (const piece of others) {
        endLine();
        line.push(piece);
      }
    },
    next() {
      const message = messages[taken];
      taken += 1;
      // Not by shift(), which moves all that is left.
      if (message === undefined) {
        messages = [];
        taken = 0;
      }
      return message;
    },
  };
}

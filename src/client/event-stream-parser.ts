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

/** Creates a parser for one stream. */
export function createEventStreamParser(): EventStreamParser {
  let text = '';
  return {
    push(more) {
      text += more;
    },
    next() {
      for (;;) {
        const end = /\r?\n\r?\n/.exec(text);
        if (!end) return undefined;
        const block = text.slice(0, end.index);
        text = text.slice(end.index + end[0].length);
        const message = parseBlock(block);
        if (message) return message;
      }
    },
  };
}

/** A block of comments only is a ping, not a message. */
function parseBlock(block: string): StreamMessage | undefined {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const field = /^(event|data)(?:: ?(.*))?$/.exec(line);
    if (field?.[1] === 'event') event = field[2] ?? '';
    else if (field?.[1] === 'data') data.push(field[2] ?? '');
  }
  if (event === 'message' && data.length === 0) return undefined;
  return { event, data: data.join('\n') };
}

import type { JsonValue } from '../catalog/json.ts';

/** A description with an example as a client would write or get it (JSON). */
export function withExample(description: string, example: JsonValue): string {
  return `${description} Example: \`${JSON.stringify(example)}\`.`;
}

/** An example of a cursor; it belongs to no log. */
export const CURSOR_EXAMPLE = 'AAAAAABDm7xm2MOpGrE';
/** The id of the sender's example of `message_sent`. */
export const ID_EXAMPLE =
  'TWVzc2FnZVNlbnQ6TzdFdTJqd3BqYlhlSlZsX1ZOa2s4dUYtZUtKcTJKVS0yQ0dPNW9Md3U3NlFJZUx6QUowVkxKRWI4ZkpleG9PcA==';

import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { pageOf } from '../../src/cli/ask-graphql.ts';
import { exportedEvent } from '../../src/cli/commands/export/formats.ts';
import { showStatus } from '../../src/cli/show-status.ts';

test.each([true, false])(
  'a status has no control characters of others (terminal: %s)',
  async (isTTY) => {
    const err = Object.assign(new PassThrough(), { isTTY });
    let nowMs = 0;
    const status = showStatus({ err, nowMs: () => (nowMs += 60_000) });
    status.show(() => 'the last of \x1b]0;title\x07\r\nanother line');
    err.end();
    const said = (await text(err)).replace('\r\x1b[K', '').trimEnd();
    expect(said).toContain('the last of');
    expect(said).not.toMatch(/\p{Cc}/u);
  },
);

test.each(['', 'AAAA; rm -rf', 'AAAA\x1b[2J', '$(id)'])(
  '%j is no cursor to continue with',
  (reached) => {
    const events = { reached, edges: [], pageInfo: { hasNextPage: false } };
    const page = pageOf(exportedEvent);
    expect(page.safeParse({ events }).success).toBe(false);
    expect(page.safeParse({ events: { ...events, reached: 'AAAAAABDm7xm2MOpGrE' } }).success).toBe(
      true,
    );
  },
);

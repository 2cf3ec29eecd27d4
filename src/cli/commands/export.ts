import { withoutPersonal } from '../../catalog/personal/without-personal.ts';
import type { EventFilter } from '../../client/create-events-client.ts';
import { createGraphqlClient, HEAD, pageOf } from '../ask-graphql.ts';
import { createReaderToken, findServerUrl } from '../find-server.ts';
import { grouped } from '../show-progress.ts';
import { showStatus } from '../show-status.ts';
import { line, type Terminal } from '../terminal.ts';
import { toEventType } from '../to-event-type.ts';
import { type ExportedEvent, exportedEvent, formats } from './export/formats.ts';
import { openOutput } from './export/open-output.ts';

/** Query for one page of the export. */
export const EXPORT = `query Export($filter: EventFilter, $after: String, $first: Int!) {
  events(filter: $filter, after: $after, first: $first) {
    reached
    edges { node { cursor id typeName occurredOn receivedAt userId installationId payload envelope } }
    pageInfo { hasNextPage }
  }
}`;

const PAGE = { text: EXPORT, data: pageOf(exportedEvent) };

export interface ExportOptions {
  type: string[];
  user: string[];
  installation: string[];
  /** Range of the sender's instants: from `since` on, before `until`. */
  since?: Date;
  until?: Date;
  after?: string;
  format: keyof typeof formats;
  output?: string;
  resume?: boolean;
  /** Events per request. */
  page: number;
  /** False omits personal values. */
  personal: boolean;
  url?: string;
  token?: string;
}

/**
 * Writes stored events in log order as JSON lines or CSV, up to the head of the log. When
 * interrupted it completes the current page; `resume` continues after it.
 *
 * @throws CommandError when the server refuses, or the file cannot be written
 */
export async function exportEvents(terminal: Terminal, options: ExportOptions): Promise<void> {
  const { type, user, installation, since, until, resume = false, output: file } = options;
  const config = terminal.config();
  const url = await findServerUrl(config, options.url);
  const token = async () => options.token ?? (await createReaderToken(config, options.personal));
  const filter: EventFilter = {
    ...(type.length > 0 && { types: type.map(toEventType) }),
    ...(user.length > 0 && { userIds: user }),
    ...(installation.length > 0 && { installationIds: installation }),
    ...((since || until) && {
      occurredOn: { from: since?.toISOString(), until: until?.toISOString() },
    }),
  };
  const { ask } = createGraphqlClient(url, token, terminal.signal);
  await ask(HEAD);
  const format = formats[options.format];
  const output = await openOutput(terminal, file, format, resume);
  const status = showStatus(terminal);
  // On a terminal the events themselves show the progress.
  const isSeen = file === undefined && (terminal.out as NodeJS.WriteStream).isTTY === true;
  // A given token may allow personal values, which `personal: false` removes here.
  const shown = (event: ExportedEvent) => (options.personal ? event : impersonal(event));
  let after = output.after ?? options.after;
  let count = 0;
  try {
    for (let more = true; more && !terminal.signal.aborted; ) {
      const { events } = await ask(PAGE, { filter, after, first: options.page });
      await output.write(events.edges.map(({ node }) => format.toLine(shown(node))));
      count += events.edges.length;
      after = events.reached;
      more = events.pageInfo.hasNextPage;
      const last = events.edges.at(-1)?.node.occurredOn ?? '';
      if (!isSeen) status.show(() => `${grouped(count)} events, the last of ${last}`);
    }
  } catch (error) {
    // Interrupted during a request; the message below says how to resume.
    if (!terminal.signal.aborted) throw error;
  } finally {
    await output.close();
    status.end();
  }
  line(
    terminal.err,
    `${grouped(count)} ${count === 1 ? 'event' : 'events'}${file === undefined ? '' : ` to ${file}`}.`,
  );
  if (!terminal.signal.aborted) return;
  const way = file !== undefined ? '--resume' : `--after ${after}`;
  const advice = after === undefined ? 'Run the command again' : `Continue with ${way}`;
  line(terminal.err, `Interrupted. ${advice}.`);
  terminal.signal.throwIfAborted();
}

function impersonal(event: ExportedEvent): ExportedEvent {
  const { payload, envelope } = event;
  return {
    ...event,
    payload: withoutPersonal(payload),
    ...(envelope && { envelope: withoutPersonal(envelope) }),
  };
}

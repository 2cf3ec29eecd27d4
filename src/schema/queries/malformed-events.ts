import { narrow } from '../../auth/viewer.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import { faultsOf } from '../../catalog/well-formed.ts';
import { builder } from '../builder.ts';
import { COSTLY, listOf } from '../complexity.ts';
import type { GraphqlContext } from '../context.ts';
import { EventInterface } from '../types/event-interface.ts';
import { withExample } from '../with-example.ts';
import { readWithin, sizeOfEvents } from './read-within.ts';

/** Number of the newest events that are examined. */
export const MAX_EXAMINED = 1_000;

interface Malformed {
  examined: number;
  events: StoredEvent[];
}

/**
 * Examines the newest events that the viewer may see. The log does not store whether an event is
 * malformed, so there is no index of them.
 */
async function findMalformed(context: GraphqlContext): Promise<Malformed> {
  const { log, viewer } = context;
  const filter = narrow(viewer, {});
  const events = await readWithin(
    context,
    async (maxBytes) => {
      const page = await log.reader.read(
        { after: 0, upTo: log.tailer.head() },
        { filter, limit: MAX_EXAMINED, maxBytes, direction: 'backward' },
      );
      return page.events;
    },
    sizeOfEvents,
  );
  const malformed = events.filter((event) => faultsOf(event).length > 0).reverse();
  return { examined: events.length, events: malformed };
}

const MalformedEvents = builder.objectRef<Malformed>('MalformedEvents').implement({
  description:
    'The malformed ones among the newest events. Example: `malformedEvents { examined events { typeName } }`.',
  fields: (t) => ({
    examined: t.int({
      description: withExample(
        `Number of the newest events that were examined: ${MAX_EXAMINED}, or fewer if the log has fewer or they are large.`,
        MAX_EXAMINED,
      ),
      resolve: ({ examined }) => examined,
    }),
    events: t.field({
      type: [EventInterface],
      extensions: listOf(MAX_EXAMINED),
      description: 'The malformed ones, newest first.',
      resolve: ({ events }) => events,
    }),
  }),
});

builder.queryField('malformedEvents', (t) =>
  t.field({
    type: MalformedEvents,
    extensions: COSTLY,
    description: `The malformed ones among the newest ${MAX_EXAMINED} events that you may see. They are stored and delivered like all others; see \`MalformedEvent\`.`,
    resolve: (_, __, context) => findMalformed(context),
  }),
);

import { maySee, narrow, rightsOf } from '../../auth/viewer.ts';
import { visiblePayload } from '../../auth/visible-payload.ts';
import { catalog, UNKNOWN } from '../../catalog/catalog.ts';
import type { EventDefinition } from '../../catalog/define-event.ts';
import type { PayloadField } from '../../catalog/field.ts';
import { jsonSize } from '../../memory/json-size.ts';
import type { ArrivedType } from '../../statistics/arrived-types.ts';
import { builder } from '../builder.ts';
import { COSTLY, READS } from '../complexity.ts';
import type { GraphqlContext } from '../context.ts';
import { isFieldSelected } from '../queries/is-field-selected.ts';
import { readWithin, sizeOfEvents } from '../queries/read-within.ts';
import { withExample } from '../with-example.ts';
import { EventInterface, EventTypeEnum } from './event-interface.ts';

/** Number of the latest events of a type that are searched for undeclared fields. */
const MAX_EXAMINED = 200;

const PayloadFieldRef = builder
  .objectRef<PayloadField & { key: string }>('PayloadField')
  .implement({
    description:
      'A field of a payload, as the catalog declares it. Example: `{ name: "speciality", type: "text" }`.',
    fields: (t) => ({
      name: t.exposeString('key', {
        description: withExample("The sender's key.", 'message_id'),
      }),
      type: t.exposeString('kind', {
        description: withExample(
          'Kind of value: text, userId, uuid, integer, email, or status (a plan as an integer).',
          'uuid',
        ),
      }),
      description: t.exposeString('description', {
        description: withExample('What it means.', 'The id of the message.'),
      }),
      isPersonal: t.exposeBoolean('personal', {
        description: "True if only the event's own user and viewers with `pii:read` see it.",
      }),
      isRequired: t.boolean({
        description: 'Whether a payload must have it.',
        resolve: ({ nullable }) => !nullable,
      }),
    }),
  });

interface CatalogType {
  definition: EventDefinition;
  arrived: ArrivedType | undefined;
}

const EventTypeInfo = builder.objectRef<CatalogType>('EventTypeInfo').implement({
  description:
    'An event type of the catalog, with statistics of its events. Example: `{ name: "message_sent", count: 212 }`.',
  fields: (t) => ({
    type: t.field({
      type: EventTypeEnum,
      description: 'The type.',
      resolve: ({ definition }) => definition.name,
    }),
    name: t.string({
      description: withExample("The sender's name of it.", 'message_sent'),
      resolve: ({ definition }) => definition.name,
    }),
    description: t.string({
      description: withExample('The meaning of the event.', 'A user has opened the app.'),
      resolve: ({ definition }) => definition.description,
    }),
    fields: t.field({
      type: [PayloadFieldRef],
      description: 'The fields of its payload, in the order of the catalog.',
      resolve: ({ definition }) =>
        Object.entries(definition.fields).map(([key, field]) => ({ key, ...field })),
    }),
    example: t.field({
      type: 'JSONObject',
      description: withExample("The sender's example of a payload.", { user_id: '32402404G' }),
      resolve: ({ definition }) => definition.example,
    }),
    count: t.field({
      type: 'SafeInt',
      extensions: COSTLY,
      description: withExample(
        'Number of stored events that you may see; computed if selected.',
        212,
      ),
      resolve: ({ arrived }) => arrived?.count ?? 0,
    }),
    lastSeen: t.field({
      type: 'DateTime',
      nullable: true,
      extensions: COSTLY,
      description: withExample(
        'Time of receipt of the last of these; null for none. Computed if selected.',
        '2021-09-14T15:55:13.005Z',
      ),
      resolve: ({ arrived }) => arrived?.lastAt ?? null,
    }),
    undeclaredFields: t.stringList({
      extensions: READS,
      description: withExample(
        `Payload keys that the catalog does not declare, from the latest ${MAX_EXAMINED} events that you may see. A sender adds such keys when it extends an event.`,
        ['urgency'],
      ),
      resolve: ({ definition }, _, context) => undeclaredFields(definition, context),
    }),
  }),
});

async function undeclaredFields(
  { name, fields }: EventDefinition,
  context: GraphqlContext,
): Promise<string[]> {
  const { viewer, log } = context;
  const filter = narrow(viewer, { types: [name] });
  const keys = await readWithin(
    context,
    async (maxBytes) => {
      const { events } = await log.reader.read(
        { after: 0, upTo: log.tailer.head() },
        { filter, limit: MAX_EXAMINED, maxBytes, direction: 'backward' },
      );
      return new Set(events.flatMap((event) => Object.keys(visiblePayload(viewer, event))));
    },
    (found) => jsonSize([...found], Number.POSITIVE_INFINITY),
  );
  return [...keys].filter((key) => !Object.hasOwn(fields, key)).sort();
}

const UnknownEventType = builder.objectRef<ArrivedType>('UnknownEventType').implement({
  description:
    'An event type that has arrived and is not in the catalog. Example: `{ name: "appointment_booked", count: 3 }`.',
  fields: (t) => ({
    name: t.exposeString('typeName', {
      description: withExample("The sender's name of it.", 'appointment_booked'),
    }),
    count: t.expose('count', {
      type: 'SafeInt',
      description: withExample('Number of stored events.', 3),
    }),
    firstSeen: t.expose('firstAt', {
      type: 'DateTime',
      description: withExample('Time of receipt of the first event.', '2021-09-14T15:55:13.005Z'),
    }),
    lastSeen: t.expose('lastAt', {
      type: 'DateTime',
      description: withExample('Time of receipt of the last event.', '2021-09-14T15:55:13.005Z'),
    }),
    example: t.field({
      type: EventInterface,
      nullable: true,
      extensions: READS,
      description: 'The last event; null unless you may see it.',
      async resolve({ lastPosition: upTo }, _, context) {
        const { viewer, log } = context;
        if (!rightsOf(viewer).reader) return null;
        const { events } = await readWithin(
          context,
          () => log.reader.read({ after: upTo - 1, upTo }, { limit: 1 }),
          (result) => sizeOfEvents(result.events),
        );
        return events.find((event) => maySee(viewer, event)) ?? null;
      },
    }),
  }),
});

builder.queryFields((t) => ({
  eventTypes: t.field({
    type: [EventTypeInfo],
    description: 'The event types of the catalog, in its order.',
    async resolve(_, __, { viewer, log, limits, memory }, info) {
      const filter = narrow(viewer, {});
      const isCounted = isFieldSelected(info, ['count']) || isFieldSelected(info, ['lastSeen']);
      const query = { filter, limits, viewer: memory?.viewer };
      const arrived = isCounted ? await log.statistics.arrivedTypes(query) : [];
      return catalog.map((definition) => ({
        definition,
        arrived: arrived.find(({ type }) => type === definition.name),
      }));
    },
  }),
  unknownEventTypes: t.field({
    type: [UnknownEventType],
    extensions: COSTLY,
    skipTypeScopes: true,
    authScopes: { admin: true },
    description:
      'Event types that have arrived and are not in the catalog, most frequent first. Needs the scope `events:admin`.',
    resolve: (_, __, { log, limits, memory }) =>
      log.statistics.arrivedTypes({
        filter: { types: [UNKNOWN] },
        limits,
        viewer: memory?.viewer,
      }),
  }),
}));

import { visibleEnvelope, visibleInTurns, visiblePayload } from '../../auth/visible-payload.ts';
import { catalog, definitionByName, UNKNOWN } from '../../catalog/catalog.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import type { JsonObject } from '../../catalog/json.ts';
import { objectTypeName } from '../../catalog/well-formed.ts';
import { builder } from '../builder.ts';
import { pure } from '../subscriptions/analyze-sharing.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';

/** The GraphQL enum; its internal values are the `type`s of the log. */
export const EventTypeEnum = builder.enumType('EventType', {
  description: 'The type of an event.',
  values: Object.fromEntries([
    ...catalog.map(({ name, enumValue, description }) => [
      enumValue,
      { value: name, description: `\`${name}\`: ${description}` },
    ]),
    [
      'UNKNOWN',
      { value: UNKNOWN, description: 'A type that this version does not know; see `typeName`.' },
    ],
  ]),
});

/** The fields of every event. */
export const EventInterface = builder.interfaceRef<StoredEvent>('Event');

EventInterface.implement({
  description:
    'An event reported by the sender, with its position in the log. Each event type has an object type with the fields of its payload; an event whose payload does not have these fields is a `MalformedEvent`.',
  interfaces: [builder.nodeInterfaceRef()],
  resolveType: objectTypeName,
  fields: (t) => ({
    cursor: t.string({
      ...pure,
      description: withExample(
        "This event's position in the log, for `after` and `before`. A subscription with it as `after` starts with the next event.",
        CURSOR_EXAMPLE,
      ),
      resolve: ({ position }, _, { log }) => log.cursors.encode(position),
    }),
    type: t.field({
      ...pure,
      type: EventTypeEnum,
      description: 'The type; UNKNOWN for a type that this version does not know.',
      // A newer release may have stored a type of its catalog.
      resolve: ({ type }) => (definitionByName.has(type) ? type : UNKNOWN),
    }),
    typeName: t.exposeString('typeName', {
      ...pure,
      description: withExample("The sender's name of the type.", 'message_sent'),
    }),
    occurredOn: t.field({
      ...pure,
      type: 'DateTime',
      description: withExample(
        "When it happened: the sender's instant, in UTC, to the millisecond.",
        '2021-09-14T15:55:12.642Z',
      ),
      resolve: ({ occurredOn }) => occurredOn,
    }),
    receivedAt: t.field({
      ...pure,
      type: 'DateTime',
      description: withExample(
        'Time of receipt by the webhook, in UTC, with millisecond precision.',
        '2021-09-14T15:55:13.005Z',
      ),
      resolve: ({ receivedAt }) => receivedAt,
    }),
    userId: t.exposeID('userId', {
      ...pure,
      nullable: true,
      description: withExample(
        "The sender's id of the event's user; null if the event has no user.",
        '32402404G',
      ),
    }),
    installationId: t.expose('installationId', {
      ...pure,
      type: 'UUID',
      nullable: true,
      description: withExample(
        'The installation of the event, in lower case; null for none.',
        'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
      ),
    }),
    payload: t.field({
      ...pure,
      type: 'JSONObject',
      description: withExample(
        'The payload as sent, including fields that the catalog does not declare. Personal values (phone, e-mail) are omitted unless they certainly belong to your own user, or you have the scope `pii:read`.',
        { user_id: '32402404G', from_status: 4, to_status: 0 },
      ),
      resolve(event, _, { viewer, memory }) {
        // An execution that subscribers share has no memory, and is synchronous.
        if (memory === undefined) return noPromise(visiblePayload(viewer, event));
        const payload = visibleInTurns(viewer, event, 'payload');
        return payload instanceof Promise ? payload.then(noPromise) : noPromise(payload);
      },
    }),
    envelope: t.field({
      ...pure,
      type: 'JSONObject',
      nullable: true,
      description: withExample(
        'What the delivery has beside `type`, `occurred_on` and `payload`; null for nothing. Personal values are omitted as in `payload`. It does not identify the event: of deliveries that differ only here, the first is stored.',
        { event_id: 'evt_1' },
      ),
      resolve(event, _, { viewer, memory }) {
        const envelope = memory
          ? visibleInTurns(viewer, event, 'extra')
          : visibleEnvelope(viewer, event);
        if (envelope instanceof Promise) return envelope.then(noPromise);
        return envelope && noPromise(envelope);
      },
    }),
  }),
});

/** The executor would treat an object with a key `then` as a promise. */
function noPromise(object: JsonObject): JsonObject {
  return Object.hasOwn(object, 'then') ? ({ toJSON: () => object } as never) : object;
}

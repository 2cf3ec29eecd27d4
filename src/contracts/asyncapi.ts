import { catalog } from '../catalog/catalog.ts';
import type { EventDefinition } from '../catalog/define-event.ts';
import { deliverySchema, type JsonSchema, payloadSchema } from './event-schemas.ts';

/** Returns the AsyncAPI 3 document: deliveries come in, subscriptions of GraphQL go out. */
export function asyncApi(version: string): JsonSchema {
  return {
    asyncapi: '3.0.0',
    id: 'urn:eventline',
    defaultContentType: 'application/json',
    info: {
      title: 'Eventline',
      version,
      description:
        'Signed webhooks come in, are stored as one ordered log, and go out as GraphQL subscriptions.',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    },
    servers: {
      webhook: { host: 'events.example.com', protocol: 'https' },
      subscriptions: {
        host: 'events.example.com',
        protocol: 'wss',
        description: 'The subprotocol is `graphql-transport-ws`.',
        security: [{ $ref: '#/components/securitySchemes/token' }],
      },
    },
    channels: {
      deliveries: {
        address: '/webhooks/events',
        title: 'Webhook',
        servers: [{ $ref: '#/servers/webhook' }],
        messages: messagesOf('delivery'),
      },
      events: {
        address: '/graphql',
        title: 'GraphQL subscription',
        description: `The messages of \`${SUBSCRIPTION}\`, inside \`data.events\` of each result. The schema (schema.graphql) has all fields.`,
        servers: [{ $ref: '#/servers/subscriptions' }],
        bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
        messages: messagesOf('event'),
      },
    },
    operations: {
      receiveDelivery: {
        action: 'receive',
        channel: { $ref: '#/channels/deliveries' },
        summary: 'Stores a signed delivery of the sender.',
        security: [{ $ref: '#/components/securitySchemes/signature' }],
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
        messages: referencesTo('deliveries'),
      },
      sendEvent: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary:
          'Sends each stored event to the subscriptions that may see it, in the order of the log.',
        messages: referencesTo('events'),
      },
    },
    components: {
      messages: Object.fromEntries(
        catalog.flatMap((definition) => [
          [
            `delivery_${definition.name}`,
            messageOf(definition, `delivery_${definition.name}`, deliverySchema(definition)),
          ],
          [
            `event_${definition.name}`,
            messageOf(definition, `event_${definition.name}`, eventSchema(definition)),
          ],
        ]),
      ),
      securitySchemes: {
        signature: {
          type: 'httpApiKey',
          in: 'header',
          name: 'X-Signature',
          description: '`sha256=` and the base64 of the HMAC-SHA256 of the raw body.',
        },
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: '`Authorization` in the payload of `connection_init`, or as a header.',
        },
      },
    },
  };
}

const SUBSCRIPTION =
  'subscription { events { id cursor type typeName occurredOn receivedAt userId installationId payload } }';

function messagesOf(kind: 'delivery' | 'event'): JsonSchema {
  return Object.fromEntries(
    catalog.map(({ name }) => [name, { $ref: `#/components/messages/${kind}_${name}` }]),
  );
}

function referencesTo(channel: string): JsonSchema[] {
  return catalog.map(({ name }) => ({ $ref: `#/channels/${channel}/messages/${name}` }));
}

function messageOf(
  { name, typeName, description }: EventDefinition,
  messageName: string,
  schema: JsonSchema,
): JsonSchema {
  return {
    name: messageName,
    title: typeName,
    summary: description,
    tags: [{ name }],
    payload: schema,
  };
}

/** The fields common to all types, as GraphQL sends them. */
function eventSchema(definition: EventDefinition): JsonSchema {
  const text = { type: 'string' };
  const instant = { type: 'string', format: 'date-time' };
  return {
    title: definition.typeName,
    type: 'object',
    properties: {
      id: { ...text, description: 'Valid in this log only.' },
      cursor: { ...text, description: 'A subscription with `after: cursor` continues after it.' },
      type: { const: definition.enumValue },
      typeName: { const: definition.name },
      occurredOn: instant,
      receivedAt: instant,
      userId: { type: ['string', 'null'] },
      installationId: { type: ['string', 'null'] },
      payload: {
        ...payloadSchema(definition),
        description: 'As sent; without personal values that the token may not see.',
      },
    },
    required: ['id', 'cursor', 'type', 'typeName', 'occurredOn', 'receivedAt', 'payload'],
  };
}

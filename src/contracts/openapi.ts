import { catalog } from '../catalog/catalog.ts';
import { outcomes, problems } from '../webhook/answers.ts';
import { deliverySchema, type JsonSchema } from './event-schemas.ts';

const PROBLEM = 'urn:eventline:problem:';

/** Returns the OpenAPI 3.1 document of the webhook: what the sender posts, and the answers. */
export function openApi(version: string): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Eventline webhook',
      version,
      summary: 'Signed events of the sender, one per delivery.',
      description:
        'The sender posts each event to `POST /webhooks/events`. Types that are not listed, and payloads of another shape, are stored as well.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    webhooks: { event: { post: operation() } },
    components: {
      schemas: {
        ...Object.fromEntries(
          catalog.map((definition) => [definition.name, deliverySchema(definition)]),
        ),
        accepted,
        problem,
      },
      securitySchemes: {
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Signature',
          description:
            '`sha256=` and the base64 of the HMAC-SHA256 of the raw body, keyed with the webhook secret. With `WEBHOOK_SCHEME=standard-webhooks`, the headers of Standard Webhooks 1.0 instead.',
        },
      },
    },
  };
}

function operation(): JsonSchema {
  const reference = ({ name }: { name: string }) => `#/components/schemas/${name}`;
  return {
    operationId: 'receiveEvent',
    summary: 'One event',
    security: [{ signature: [] }],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            oneOf: catalog.map((definition) => ({ $ref: reference(definition) })),
            discriminator: {
              propertyName: 'type',
              mapping: Object.fromEntries(
                catalog.map((definition) => [definition.name, reference(definition)]),
              ),
            },
          },
        },
      },
    },
    responses: responses(),
  };
}

/** One response per status; the tables of answers say what each means. */
function responses(): JsonSchema {
  const accepted = Object.entries(outcomes).map(([name, answer]) => ({ name, ...answer }));
  const refused = Object.entries(problems).map(([name, answer]) => ({ name, ...answer }));
  const statuses = [...new Set([...accepted, ...refused].map(({ status }) => status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const answers = [...accepted, ...refused].filter((answer) => answer.status === status);
      const isAccepted = accepted.some((answer) => answer.status === status);
      const [type, schema] = isAccepted
        ? ['application/json', 'accepted']
        : ['application/problem+json', 'problem'];
      const described = answers.map(
        ({ name, title, advice }) => `\`${name}\`: ${title}. ${advice}`,
      );
      return [
        String(status),
        {
          description: described.join('\n\n'),
          ...(status === 503 && { headers: retryAfter }),
          content: { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } },
        },
      ];
    }),
  );
}

const retryAfter = {
  'Retry-After': { description: 'Seconds until a retry.', schema: { type: 'integer' } },
};

const accepted = {
  type: 'object',
  properties: {
    status: { enum: Object.keys(outcomes) },
    id: { type: 'string', description: 'The id of the event in GraphQL.' },
    position: { type: 'integer', description: 'The position in the log, where it is known.' },
  },
  required: ['status'],
};

const problem = {
  type: 'object',
  description: 'RFC 9457',
  properties: {
    type: { enum: Object.keys(problems).map((name) => `${PROBLEM}${name}`) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'The fault and its place, without values.' },
    requestId: { type: 'string' },
    quarantined: { type: 'boolean', description: 'True if the delivery was kept.' },
  },
  required: ['type', 'title', 'status', 'detail', 'requestId'],
};

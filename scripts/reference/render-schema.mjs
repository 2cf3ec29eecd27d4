import { markdownTable } from './markdown-table.mjs';

/**
 * Renders the fields of the root types, with their arguments.
 *
 * @param {import('graphql').GraphQLSchema} schema
 */
export function renderSchema(schema) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots
    .filter((type) => type)
    .map((type) => `## ${type.name}\n\n${table(type)}`)
    .join('\n\n');
}

function table(type) {
  const rows = Object.values(type.getFields()).map(({ name, args, type: result, description }) => [
    `\`${name}\``,
    args.map((arg) => `\`${arg.name}\``).join(' '),
    `\`${result}\``,
    description,
  ]);
  return markdownTable(['field', 'arguments', 'returns', 'meaning'], rows);
}

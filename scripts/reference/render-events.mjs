import { markdownTable } from './markdown-table.mjs';

const KINDS = {
  text: 'string',
  userId: 'string',
  uuid: 'UUID',
  integer: 'integer',
  email: 'string',
  status: 'integer',
};

/** Renders a section for each event type of the catalog, with the fields of its payload. */
export function renderEvents(catalog) {
  return catalog.map(renderEvent).join('\n\n');
}

function renderEvent({ name, typeName, description, fields }) {
  const rows = Object.entries(fields).map(([key, { kind, nullable, personal, description }]) => [
    `\`${key}\``,
    nullable ? `${KINDS[kind]} or null` : KINDS[kind],
    personal ? `${description} Personal.` : description,
  ]);
  const table = markdownTable(['payload', 'type', 'meaning'], rows);
  return `### \`${name}\`\n\n\`${typeName}\`: ${description}\n\n${table}`;
}

import { markdownTable } from './markdown-table.mjs';

/** Renders the table of GraphQL error codes. */
export function renderErrors(errorTable) {
  return markdownTable(
    ['code', 'HTTP', 'WebSocket', 'meaning'],
    Object.entries(errorTable).map(([code, { httpStatus, closeCode, meaning }]) => [
      `\`${code}\``,
      httpStatus,
      closeCode,
      meaning,
    ]),
  );
}

/** Renders the table of the webhook's answers. */
export function renderAnswers({ outcomes, problems }) {
  return markdownTable(
    ['status', 'answer', 'meaning', 'kept', 'what the sender should do'],
    [...Object.entries(outcomes), ...Object.entries(problems)].map(
      ([name, { status, title, kept, advice }]) => [
        status,
        `\`${name}\``,
        title,
        kept ? 'yes' : '',
        advice,
      ],
    ),
  );
}

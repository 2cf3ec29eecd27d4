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

/** Renders the table of answers to a delivery that is not accepted. */
export function renderProblems(problems) {
  return markdownTable(
    ['status', 'name', 'title', 'quarantined'],
    Object.entries(problems).map(([name, { status, title, kept }]) => [
      status,
      `\`${name}\``,
      title,
      kept ? 'yes' : '',
    ]),
  );
}

const MARK = (name) => [`<!-- ${name}: by npm run generate -->\n`, `<!-- end of ${name} -->`];

/** The table of some settings, for a document in Markdown. */
function toTable(heading, settings) {
  const rows = settings.map(({ name, byDefault, meaning }) => {
    const isValue = /^[\w.-]+$/.test(byDefault) && !WORDS.has(byDefault);
    const shown = isValue && heading.quoted ? `\`${byDefault}\`` : byDefault;
    return `| \`${name}\` | ${shown} | ${meaning} |\n`;
  });
  return [`| name | default | ${heading.title} |\n`, '| --- | --- | --- |\n', ...rows].join('');
}

/** Defaults that are words about a value, and no value. */
const WORDS = new Set(['embedded', 'own']);

/**
 * A document with the tables of settings as they are in the code, between its marks.
 *
 * @throws Error when a mark is missing
 */
export function withSettings(document, { settings, limitSettings }) {
  const tables = [
    ['settings', toTable({ title: 'meaning', quoted: true }, settings)],
    ['limits', toTable({ title: 'what there may be', quoted: false }, limitSettings)],
  ];
  return tables.reduce((text, [name, table]) => {
    const [start, end] = MARK(name).map((mark) => [text.indexOf(mark), mark.length]);
    if (start[0] === -1 || end[0] === -1) throw new Error(`the marks of ${name} are missing`);
    return text.slice(0, start[0] + start[1]) + table + text.slice(end[0]);
  }, document);
}

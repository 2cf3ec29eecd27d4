/** The sections of llms.txt (llmstxt.org), with the folders or files of their documents. */
const SECTIONS = [
  ['Guide', /^docs\/guide\//],
  ['Reference', /^docs\/reference\//],
  ['Operate', /^docs\/operate\//],
  ['Background', /^docs\/(architecture|security)\.md$/],
  ['Optional', /^(docs\/(contributing|decisions)\/|examples\/README|bench\/README|CHANGELOG)/],
];

const INTRODUCTION = `# Eventline

> Eventline receives signed webhooks, stores them in MongoDB as one durable ordered log of events, and serves
> them by GraphQL: queries, statistics, and subscriptions that resume after any cursor without a gap.

Every document is Markdown. \`schema.graphql\` is the whole GraphQL schema, with a description and an example
for every field. \`contracts/\` has JSON Schema, OpenAPI and AsyncAPI.
`;

/**
 * Renders llms.txt: the documents with their first sentences.
 *
 * @param {readonly string[]} documents paths
 * @param {(path: string) => string} read
 */
export function renderLlms(documents, read) {
  const sections = SECTIONS.map(([name, pattern]) => {
    const entries = documents
      .filter((path) => pattern.test(path))
      .map((path) => `- [${titleOf(read(path))}](${path})${summaryOf(read(path))}`);
    return `## ${name}\n\n${entries.join('\n')}\n`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function titleOf(text) {
  return /^# (.*)$/m.exec(text)?.[1] ?? '';
}

/** The first sentence, if the document begins with one, without Markdown links. */
function summaryOf(text) {
  const [, paragraph = ''] = /^# .*\n\n([^#`\d|<-](?:.|\n(?!\n))*)/.exec(text) ?? [];
  const plain = paragraph.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\s+/g, ' ');
  const sentence = /^.*?[.](?= [A-Z`]|$)/.exec(plain.trim())?.[0];
  return sentence ? `: ${sentence}` : '';
}

const GENERATED = /(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- end of generated -->)/g;
const CODE = /(<!-- code: (\S+) -->\n)[\s\S]*?(<!-- end of code -->)/g;

/**
 * Fills a document between its marks: `<!-- generated: NAME -->` with a block, and `<!-- code: FILE -->`
 * with the text of a file.
 *
 * @param {string} document
 * @param {Record<string, string>} blocks Markdown by name
 * @param {(path: string) => string} readCode
 * @throws Error when a block does not exist
 */
export function fillBlocks(document, blocks, readCode) {
  return document
    .replace(GENERATED, (_, start, name, end) => {
      if (blocks[name] === undefined) throw new Error(`there is no block "${name}" to generate`);
      return `${start}\n${blocks[name].trim()}\n\n${end}`;
    })
    .replace(CODE, (_, start, path, end) => {
      const code = readCode(path).replaceAll("'../generated/", "'./generated/");
      return `${start}\n\`\`\`${path.split('.').pop()}\n${code.trim()}\n\`\`\`\n\n${end}`;
    });
}

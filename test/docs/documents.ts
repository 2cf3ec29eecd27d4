import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export const read = (path: string) => readFileSync(join(root, path), 'utf8');

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** The paths of all documents in the repository. */
export const documents: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'examples'].flatMap(markdownIn),
  ...['bench/README.md'],
].sort();

export interface CodeBlock {
  language: string;
  code: string;
}

/** Returns the fenced code blocks of a document. */
export function codeBlocks(text: string): CodeBlock[] {
  const fences = /^[ ]*```(\w*)\n([\s\S]*?)^[ ]*```$/gm;
  return [...text.matchAll(fences)].map(([, language = '', code = '']) => ({ language, code }));
}

/** Returns the commands in the shell blocks of a document, one per item, without comments. */
export function shellCommands(text: string): string[] {
  return codeBlocks(text)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.replace(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/(^|\s)# .*$/, '').trim())
    .filter((line) => line !== '');
}

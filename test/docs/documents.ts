import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// @ts-expect-error a script of the project, without types
import { listDocuments } from '../../scripts/reference/list-documents.mjs';

export const root = join(import.meta.dirname, '../..');

export const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The paths of all documents in the repository. */
export const documents: readonly string[] = listDocuments(root);

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

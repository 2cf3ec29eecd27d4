import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents, read, root } from './documents.ts';

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

const withoutCode = (text: string) =>
  text.replace(/^[ ]*```[\s\S]*?^[ ]*```$/gm, '').replace(/`[^`\n]*`/g, '`code`');

/** Returns the links of a document that stay in the repository. */
function linksOf(path: string): string[] {
  const links = [...withoutCode(read(path)).matchAll(LINK)].map(([, link = '']) => link);
  return links.filter((link) => !/^(https?|mailto):/.test(link));
}

/** Returns the anchors of a document's headings, as GitHub generates them. */
function anchorsOf(path: string): string[] {
  const text = read(path).replace(/^[ ]*```[\s\S]*?^[ ]*```$/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** Returns the file that a link leads to, relative to the root. */
function targetOf(path: string, link: string): string {
  const [file = ''] = link.split('#', 1);
  return file === '' ? path : normalize(join(dirname(path), file));
}

describe.for(documents)('%s', (path) => {
  test('every link leads to an existing file and heading', () => {
    const broken = linksOf(path).filter((link) => {
      const target = targetOf(path, link);
      const [, anchor] = link.split('#');
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

test('every document can be reached from the README', () => {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const link of linksOf(path)) {
      const target = targetOf(path, link);
      if (documents.includes(target)) visit(target);
    }
  };
  visit('README.md');
  expect(documents.filter((path) => !reached.has(path))).toEqual([]);
});

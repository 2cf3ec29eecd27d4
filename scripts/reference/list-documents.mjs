import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Lists the paths of all documents below a directory of the repository, sorted. */
export function listDocuments(root) {
  const markdownIn = (folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  return [
    ...readdirSync(root).filter((name) => name.endsWith('.md')),
    ...['docs', 'examples'].flatMap(markdownIn),
    'bench/README.md',
  ].sort();
}

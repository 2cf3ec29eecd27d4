import type { Folder } from './folders.ts';
import type { Imports } from './read-imports.ts';

/**
 * Returns the imports that the table forbids, each as a sentence with the file, the import and the
 * rule.
 */
export function findViolations(imports: Imports, folders: readonly Folder[]): string[] {
  const rowOf = (path: string) =>
    folders
      .filter((folder) => path === folder.path || path.startsWith(`${folder.path}/`))
      .sort((one, other) => other.path.length - one.path.length)[0];
  const found: string[] = [];
  for (const [file, names] of imports) {
    const row = rowOf(file);
    if (row === undefined) {
      found.push(`${file} is in no folder of the table`);
      continue;
    }
    const allowed = allowedFolders(row, folders);
    for (const name of names) {
      const target = rowOf(name);
      if (target === row) continue;
      const rule =
        target || imports.has(name)
          ? !allowed.includes(target?.path ?? '') &&
            `it may import ${allowed.join(', ') || 'no other folder'}`
          : packageRule(name, row);
      if (rule) found.push(`${file} imports ${name}: ${row.path}: ${rule}`);
    }
  }
  return found;
}

function allowedFolders(row: Folder, folders: readonly Folder[]): readonly string[] {
  const above = folders.slice(0, folders.indexOf(row)).map(({ path }) => path);
  return row.imports ?? above.filter((path) => !row.except?.includes(path));
}

function packageRule(name: string, { packages = [], isForBrowsers }: Folder): string | undefined {
  if (name.startsWith('node:')) {
    return isForBrowsers ? 'it runs in browsers, without the modules of Node' : undefined;
  }
  const [first = '', second] = name.split('/');
  const known = first.startsWith('@') ? `${first}/${second}` : first;
  if (packages.includes(known)) return undefined;
  return `of the packages it may import ${packages.join(', ') || 'none'}`;
}

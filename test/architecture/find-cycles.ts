import type { Imports } from './read-imports.ts';

/** Returns cycles of imports, one for each import that leads back to an earlier file. */
export function findCycles(imports: Imports): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]) => {
    const start = way.indexOf(file);
    if (start !== -1) found.push([...way.slice(start), file].join(' -> '));
    if (start !== -1 || done.has(file)) return;
    for (const name of imports.get(file) ?? []) {
      if (imports.has(name)) visit(name, [...way, file]);
    }
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

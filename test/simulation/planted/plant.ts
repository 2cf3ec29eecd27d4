import type { PlantedFault } from './faults.ts';

/** A source with a fault in it. @throws Error when the text to replace is not there exactly once */
export function plant({ name, file, search, replace }: PlantedFault, source: string): string {
  if (source.split(search).length !== 2) {
    throw new Error(`${name}: the text to replace is not in ${file} exactly once`);
  }
  return source.replace(search, () => replace);
}

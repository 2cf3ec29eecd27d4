import type { PlantedFault } from './planted-fault.ts';

/**
 * Returns a source with a planted fault. @throws Error if the text to replace does not occur
 * exactly once
 */
export function plant({ name, file, search, replace }: PlantedFault, source: string): string {
  if (source.split(search).length !== 2) {
    throw new Error(`${name}: the text to replace is not in ${file} exactly once`);
  }
  return source.replace(search, () => replace);
}

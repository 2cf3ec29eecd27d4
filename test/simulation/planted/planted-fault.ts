/** A fault that the simulation must find: a text in the sources, and its replacement. */
export interface PlantedFault {
  name: string;
  file: string;
  search: string;
  replace: string;
}

/** @param file within `src` */
export function fault(name: string, file: string, search: string, replace: string): PlantedFault {
  return { name, file: `src/${file}`, search, replace };
}

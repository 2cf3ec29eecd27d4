/** A fault that the simulation has to find: a text of the sources, and what stands in its place. */
export interface PlantedFault {
  name: string;
  file: string;
  search: string;
  replace: string;
}
export const plantedFaults: readonly PlantedFault[] = [];

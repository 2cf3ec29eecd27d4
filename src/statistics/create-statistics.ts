import type { Filter } from '../log/read/filter.ts';
import { type ArrivedType, readArrivedTypes } from './arrived-types.ts';
import { type CountRow, type CountsWanted, countEvents } from './count-events.ts';
import { countFirstLogins, type FirstLoginRow, type FirstLoginsWanted } from './first-logins.ts';
import { countReadDelays, type ReadDelayRow, type ReadDelaysWanted } from './read-delays.ts';
import type { StatisticsLimits } from './run-pipeline.ts';
import { createStatisticsLook, type Seen, type StatisticsSource } from './run-pipeline.ts';

/** Statistics computed in the database; each answer describes one moment of the log. */
export interface Statistics {
  counts(wanted: CountsWanted): Promise<Seen<CountRow[]>>;
  readDelays(wanted: ReadDelaysWanted): Promise<Seen<ReadDelayRow[]>>;
  firstLogins(wanted: FirstLoginsWanted): Promise<Seen<FirstLoginRow[]>>;
  /** Event types that have arrived, as the sender names them. */
  arrivedTypes(wanted: { filter: Filter; limits: StatisticsLimits }): Promise<ArrivedType[]>;
}

/** Creates the statistics of a log. */
export function createStatistics(source: StatisticsSource): Statistics {
  const look = createStatisticsLook(source);
  return {
    counts: (wanted) => countEvents(look, wanted),
    readDelays: (wanted) => countReadDelays(look, wanted),
    firstLogins: (wanted) => countFirstLogins(look, wanted),
    arrivedTypes: (wanted) => readArrivedTypes(look, wanted),
  };
}
